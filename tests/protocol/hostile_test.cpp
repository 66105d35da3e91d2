// Every prefix and every flipped byte of real and random values: a value or an error, and never
// more memory than allowed. The input lies in blocks of exactly its size, for the sanitizers.

#include <array>
#include <support/cases.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

/// Whatever comes out: what decodes is as long as skip says, and encodes to something that decodes
/// to the same bytes.
void check_whatever(ProtocolId protocol, const Bytes& bytes, const Type& type, bool keep) {
  const Exact exact(bytes);
  DecodeOptions options{
      .max_memory = 64 * bytes.size() + 4096, .keep_unknown_fields = keep, .alias_input = true};
  Arena arena;
  // By the schema alone, whatever headers say of elements: no skip could follow. And copied.
  options.alias_input = false;
  (void)try_decode_prefix(protocol, exact.span(), type, arena, options);
  options.alias_input = true;
  options.strictness = Strictness::strict();
  (void)try_decode_prefix(protocol, exact.span(), type, arena, options);
  options.strictness = {.element_type = Reaction::error};
  const auto decoded = try_decode_prefix(protocol, exact.span(), type, arena, options);
  if (!decoded) {
    REQUIRE(decoded.error().as<ProtocolErrorDetail>()->offset <= bytes.size());
    return;
  }
  REQUIRE(decoded->consumed <= bytes.size());
  REQUIRE(skip(protocol, exact.span(), type.slot().wire) == decoded->consumed);
  Buffer once;
  try {
    encode(protocol, decoded->value, once);
  } catch (const Error&) {
    return;  // a union that has lost its member
  }
  const ValueView second = decode(protocol, once.bytes(), type, arena, options);
  REQUIRE(to_bytes(encode(protocol, second)) == to_bytes(once));
}

}  // namespace

// Small values are flipped in five ways at each byte, larger ones in one.
constexpr std::size_t small_size = 1000;

void samples::check_hostile(const Bytes& bytes, const Type& type, ProtocolId protocol) {
  const std::size_t step = bytes.size() > small_size ? thrift::test::one_of(7) : 1;
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    for (const bool alias : {true, false}) {
      const Failed e = decode_error(part, type, {.alias_input = alias}, protocol);
      REQUIRE(e.kind == ProtocolErrorKind::truncated);
      REQUIRE(e.offset <= size);
    }
    CHECK_THROWS_AS((void)skip(protocol, part, type.slot().wire), ProtocolError);
  }
  constexpr std::array flips{0xffU, 0x80U, 0x01U, 0x02U, 0x0cU};
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    Bytes flipped = bytes;
    for (std::size_t n = 0; n < flips.size(); ++n) {
      if (bytes.size() > small_size && n != i % flips.size()) continue;
      flipped[i] = bytes[i] ^ static_cast<std::byte>(flips[n]);
      check_whatever(protocol, flipped, type, n == 3);
    }
  }
}

TEST_CASE("truncated and flipped values of every type give a value or an error") {
  check_hostile(all_bytes(), *schema().all);
  std::mt19937_64 random(6);
  for (const StructType* type :
       {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
    for (int i = 0; i < 4; ++i) check_hostile(random_bytes(type->slot(), random, 4), *type);
  }
}

TEST_CASE("random bytes give a value or an error") {
  std::mt19937_64 random(7);
  for (std::uint32_t i = 0; i < thrift::test::cases(20000); ++i) {
    Bytes bytes(random() % 80);
    for (std::byte& b : bytes) {
      b = static_cast<std::byte>(random() % 4 == 0 ? random() : random() % 17);
    }
    for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact}) {
      check_whatever(protocol, bytes, *schema().all, i % 2 == 0);
      check_whatever(protocol, bytes, *schema().node, i % 2 == 0);
    }
  }
}
