#include <thriftpp/protocol/custom_protocol.hpp>

#include "protocol/codec.hpp"

namespace thrift {
namespace {

/// A protocol of the library: passes on to the functions that take its ProtocolId.
class BuiltIn final : public Protocol {
 public:
  explicit BuiltIn(ProtocolId id) noexcept : id_(id) {}

  [[nodiscard]] std::string_view name() const noexcept override { return to_string(id_); }
  [[nodiscard]] Decoded decode_prefix(std::span<const std::byte> bytes, const Type& type,
                                      Arena& arena, const DecodeOptions& options) const override {
    return try_decode_prefix(id_, bytes, type, arena, options).value();
  }
  void encode(ValueView value, Buffer& out, const EncodeOptions& options) const override {
    thrift::encode(id_, value, out, options);
  }
  [[nodiscard]] std::size_t skip(std::span<const std::byte> bytes, WireType type,
                                 const DecodeOptions& options) const override {
    return thrift::skip(id_, bytes, type, options);
  }
  [[nodiscard]] ReadHeader read_message_header(std::span<const std::byte> bytes,
                                               const HeaderOptions& options) const override {
    return thrift::read_message_header(id_, bytes, options);
  }
  [[nodiscard]] std::span<const std::byte> message_body(std::span<const std::byte> message,
                                                        const ReadHeader& read) const override {
    return thrift::message_body(id_, message, read);
  }
  void write_message_header(const MessageHeader& header, Buffer& out) const override {
    thrift::write_message_header(id_, header, out);
  }
  void write_message_end(Buffer& out) const override { thrift::write_message_end(id_, out); }

 private:
  ProtocolId id_;
};

void check_trailing(const Decoded& decoded, std::size_t size, const DecodeOptions& options) {
  if (decoded.consumed == size || options.strictness.trailing_bytes != Reaction::error) return;
  const std::size_t left = size - decoded.consumed;
  throw ProtocolError(ProtocolErrorKind::trailing_bytes,
                      std::to_string(left) + (left == 1 ? " byte is" : " bytes are") +
                          " left behind the `" + std::string(decoded.value.type().name()) + "`",
                      decoded.consumed);
}

}  // namespace

Protocol::~Protocol() = default;

std::span<const std::byte> Protocol::message_body(std::span<const std::byte> message,
                                                  const ReadHeader& read) const {
  return message.subspan(read.size);
}

void Protocol::write_message_end(Buffer& /*out*/) const {}

const Protocol& built_in_protocol(ProtocolId id) {
  static const BuiltIn binary(ProtocolId::binary);
  static const BuiltIn compact(ProtocolId::compact);
  static const BuiltIn json(ProtocolId::json);
  switch (id) {
    case ProtocolId::binary: return binary;
    case ProtocolId::compact: return compact;
    case ProtocolId::json: return json;
  }
  no_codec(id).raise();
}

ValueView decode(const Protocol& protocol, std::span<const std::byte> bytes, const Type& type,
                 Arena& arena, const DecodeOptions& options) {
  const Decoded decoded = protocol.decode_prefix(bytes, type, arena, options);
  check_trailing(decoded, bytes.size(), options);
  return decoded.value;
}

Value decode(const Protocol& protocol, std::span<const std::byte> bytes, const Type& type,
             const DecodeOptions& options) {
  auto arena = std::make_unique<Arena>();
  const ValueView value = decode(protocol, bytes, type, *arena, options);
  // It lies in the arena that is ours.
  return Value::adopt(std::move(arena), type, const_cast<std::byte*>(value.cell()));
}

void encode(const Protocol& protocol, ValueView value, Buffer& out, const EncodeOptions& options) {
  protocol.encode(value, out, options);
}

Buffer encode(const Protocol& protocol, ValueView value, const EncodeOptions& options) {
  Buffer out;
  protocol.encode(value, out, options);
  return out;
}

}  // namespace thrift
