// Messages, whatever the protocol: what is left to each is in its MessageFormat.

#include <thriftpp/protocol/message.hpp>

#include "protocol/codec.hpp"
#include "protocol/message_format.hpp"

namespace thrift {
namespace {

const MessageFormat& message_format(ProtocolId protocol) {
  const MessageFormat* const found = find_message_format(protocol);
  if (found == nullptr) no_codec(protocol).raise();
  return *found;
}

}  // namespace

std::string_view to_string(MessageType type) noexcept {
  switch (type) {
    case MessageType::call: return "CALL";
    case MessageType::reply: return "REPLY";
    case MessageType::exception: return "EXCEPTION";
    case MessageType::oneway: return "ONEWAY";
  }
  return "unknown";
}

const MessageFormat* find_message_format(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: return &binary::message_format;
    case ProtocolId::compact: return &compact::message_format;
    case ProtocolId::json: return &tjson::message_format;
  }
  return nullptr;
}

Result<ReadHeader> try_read_message_header(ProtocolId protocol, std::span<const std::byte> bytes,
                                           const HeaderOptions& options) {
  const MessageFormat* const format = find_message_format(protocol);
  if (format == nullptr) return no_codec(protocol);
  return format->read_header(bytes, options);
}

ReadHeader read_message_header(ProtocolId protocol, std::span<const std::byte> bytes,
                               const HeaderOptions& options) {
  return try_read_message_header(protocol, bytes, options).value();
}

Result<std::span<const std::byte>> try_message_body(ProtocolId protocol,
                                                    std::span<const std::byte> message,
                                                    const ReadHeader& read) {
  const MessageFormat* const format = find_message_format(protocol);
  if (format == nullptr) return no_codec(protocol);
  if (format->body == nullptr) return message.subspan(read.size);
  return format->body(message, read);
}

std::span<const std::byte> message_body(ProtocolId protocol, std::span<const std::byte> message,
                                        const ReadHeader& read) {
  return try_message_body(protocol, message, read).value();
}

void write_message_header(ProtocolId protocol, const MessageHeader& header, Buffer& out) {
  message_format(protocol).write_header(header, out);
}

void write_message_end(ProtocolId protocol, Buffer& out) {
  const MessageFormat& format = message_format(protocol);
  if (format.write_end != nullptr) format.write_end(out);
}

MessageScanner::MessageScanner(ProtocolId protocol, std::size_t max_size, std::uint32_t max_depth)
    : strategy_(message_format(protocol).new_scanner(max_size, max_depth)) {}

MessageScanner::MessageScanner(MessageScanner&&) noexcept = default;
MessageScanner& MessageScanner::operator=(MessageScanner&&) noexcept = default;
MessageScanner::~MessageScanner() = default;

std::size_t MessageScanner::scan(std::span<const std::byte> bytes) {
  return strategy_->scan(bytes);
}

void MessageScanner::reset() noexcept {
  strategy_->reset();
}

Failure header_failure(ProtocolErrorKind kind, std::string problem, std::uint64_t offset) {
  return make_failure<ProtocolErrorDetail>(kind, std::move(problem), offset, std::string());
}

Failure header_truncated(std::uint64_t offset) {
  return header_failure(ProtocolErrorKind::truncated, "the input ends inside of a message's header",
                        offset);
}

Failure bad_name_size(std::int64_t size, const HeaderOptions& options, std::uint64_t offset) {
  const std::string problem = "a method's name of " + std::to_string(size) + " bytes";
  if (size < 0) return header_failure(ProtocolErrorKind::negative_size, problem, offset);
  return header_failure(ProtocolErrorKind::size_limit,
                        problem + ", the limit is " + std::to_string(options.max_name), offset);
}

Failure bad_message_type(unsigned type, std::uint64_t offset) {
  return header_failure(ProtocolErrorKind::invalid_data,
                        "there is no message type " + std::to_string(type), offset);
}

void check_name_size(const MessageHeader& header) {
  if (header.name.size() <= largest_wire_size) return;
  throw TypeError("a method's name of " + std::to_string(header.name.size()) +
                  " bytes is longer than the protocol can say");
}

}  // namespace thrift
