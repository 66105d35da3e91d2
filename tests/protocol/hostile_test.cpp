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

/// What is told of bytes that end too early, in a Buffer that is taken over; behind them lies what
/// it held before.
Failed owned_error(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                   std::span<const std::byte> behind, const DecodeOptions& options = {}) {
  Buffer held(bytes);
  held.append(behind);
  held.truncate(bytes.size());
  try {
    (void)decode(protocol, std::move(held), type, options);
  } catch (const ProtocolError& e) {
    return {e.kind(), e.offset(), e.path(), e.what()};
  }
  FAIL("it decodes");
  return {};
}

/// Whether the same is told of it copied, viewed and taken over: which it is.
Failed error_however_held(ProtocolId protocol, const Bytes& bytes, const Type& type,
                          std::span<const std::byte> behind, DecodeOptions options = {}) {
  options.alias_input = false;
  const Failed copied = decode_error(bytes, type, options, protocol);
  options.alias_input = true;
  const Failed viewed = decode_error(bytes, type, options, protocol);
  const Failed owned = owned_error(protocol, bytes, type, behind, options);
  for (const Failed& other : {viewed, owned}) {
    REQUIRE(other.kind == copied.kind);
    REQUIRE(other.offset == copied.offset);
    REQUIRE(other.path == copied.path);
    REQUIRE(other.message == copied.message);
  }
  return copied;
}

// Small values are flipped in five ways at each byte, larger ones in one.
constexpr std::size_t small_size = 1000;

void samples::check_hostile(const Bytes& bytes, const Type& type, ProtocolId protocol) {
  const std::size_t step = bytes.size() > small_size ? thrift::test::one_of(7) : 1;
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const std::span behind = std::span(bytes).subspan(size);
    const Failed e = error_however_held(protocol, part, type, behind);
    REQUIRE(e.kind == ProtocolErrorKind::truncated);
    REQUIRE(e.offset <= size);
    // Whatever is odd before the end comes first.
    (void)error_however_held(protocol, part, type, behind, {.strictness = Strictness::strict()});
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

TEST_CASE("a header that the input ends in is told as that, whatever lies behind it") {
  SchemaBuilder b;
  Program& p = b.add_program("cut", "cut.thrift");
  StructType& none = b.add_struct(p, "None", TypeKind::struct_);
  StructType& no_member = b.add_struct(p, "NoMember", TypeKind::union_);
  StructType& narrow = b.add_struct(p, "Narrow", TypeKind::struct_);
  StructType& wide = b.add_struct(p, "Wide", TypeKind::struct_);
  b.define(none, {});
  b.define(no_member, {});
  EnumType& color = b.add_enum(p, "Color");
  b.define(color, {{.name = "red", .number = 1}});
  b.define(narrow, {{.id = 0, .name = "none", .type = none},
                    {.id = 9, .name = "color", .type = color},
                    {.id = 256, .name = "no_member", .type = no_member}});
  std::vector<std::string> names;
  for (int i = 1; i <= 70; ++i) names.push_back("f" + std::to_string(i));
  std::vector<FieldSpec> fields{{.id = 0, .name = "none", .type = none},
                                {.id = 256, .name = "no_member", .type = no_member}};
  for (std::int16_t i = 1; i <= 70; ++i) {
    fields.push_back(
        {.id = i, .name = names[static_cast<std::size_t>(i - 1)], .type = base_type(TypeKind::i8)});
  }
  b.define(wide, fields);
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();

  const auto bytes_of = [](std::string_view text) {
    return to_bytes(Buffer(std::as_bytes(std::span(text))));
  };
  using namespace std::string_view_literals;
  const Bytes behind = bytes_of("\0\0\xde\xad\xbe\xef\x0c\0\0\x0c\1\0\0"sv);
  for (const StructType* type : {&narrow, &wide}) {
    for (const std::string_view cut : {"\x0c"sv, "\x0c\0"sv, "\x0c\1"sv, "\x08"sv, "\x08\0"sv}) {
      for (const Strictness& strictness : {Strictness(), Strictness::strict()}) {
        const Bytes bytes = bytes_of(cut);
        for (std::size_t skipped = 0; skipped < 4; ++skipped) {
          const Failed e =
              error_however_held(ProtocolId::binary, bytes, *type,
                                 std::span(behind).subspan(skipped), {.strictness = strictness});
          CHECK(e.kind == ProtocolErrorKind::truncated);
          CHECK(e.offset == 0);
          CHECK(e.path == type->name());
        }
      }
    }
    for (const std::string_view cut : {"\x0c\0\0"sv, "\x0c\1\0"sv, "\x0c\1\0\x0c"sv}) {
      const Failed e = error_however_held(ProtocolId::binary, bytes_of(cut), *type, behind);
      CHECK(e.kind == ProtocolErrorKind::truncated);
      CHECK(e.offset == 3);
      CHECK(e.path == std::string(type->name()) + (cut[1] == 0 ? ".none" : ".no_member"));
    }
  }
  // As a service's results are: nothing but the one byte.
  CHECK(error_however_held(ProtocolId::binary, bytes_of("\x0c"), none, behind).path == "None");
}
