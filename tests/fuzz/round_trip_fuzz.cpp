// Values whose content the bytes choose, through each protocol and back. Bytes that decode are rare
// among all bytes; here every input makes a value, of any shape that the types allow.

#include "../property/random_value.hpp"
#include "codec_fuzz.hpp"

using namespace thrift;
using codec_fuzz::require;

namespace {

/// Numbers from the input; once it is used up they follow from the last ones.
class Dice {
 public:
  Dice(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint64_t operator()() {
    for (int i = 0; i < 2 && size_ > 0; ++i, --size_) state_ = state_ << 8 | *data_++;
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;  // splitmix64
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::uint64_t state_ = 0;
};

void check(ProtocolId protocol, const Value& value, std::uint64_t cut) {
  const Type& type = value.type();
  const Buffer bytes = encode(protocol, value);
  const Value again = decode(protocol, bytes.bytes(), type);
  require(again == value, "a value comes back");
  require(again.hash() == value.hash(), "with its hash");
  require(encode(protocol, again).text() == bytes.text(), "and its bytes");
  require(skip(protocol, bytes, type.slot().wire) == bytes.size(), "which skip finds the end of");
  const Buffer declared =
      encode(protocol, value, {.field_order = EncodeOptions::FieldOrder::declared});
  require(decode(protocol, declared.bytes(), type) == value, "in whatever order its fields stand");
  // From a block of just that size, so that a read past the end is seen.
  const std::size_t size = cut % (bytes.size() + 1);
  const std::unique_ptr<std::byte[]> part(new std::byte[size]);
  std::copy(bytes.data(), bytes.data() + size, part.get());
  Arena arena;
  const auto decoded =
      try_decode_prefix(protocol, {part.get(), size}, type, arena, {.alias_input = true});
  require(decoded.has_value() == (size == bytes.size()), "and all of them are needed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Dice dice(data, size);
  const auto& types = codec_fuzz::types().all;
  const Value value =
      property::random_value(*types[dice() % types.size()], [&dice] { return dice(); });
  check(ProtocolId::binary, value, dice());
  check(ProtocolId::compact, value, dice());
  check(ProtocolId::json, value, dice());
  return 0;
}
