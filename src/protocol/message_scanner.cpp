#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/codec.hpp"
#include "protocol/message_header.hpp"

namespace thrift {

using binary::has_fixed_size;
using binary::least_size;

namespace {

/// The bytes of a value that must have arrived before it can be told where to look next.
std::size_t first_part(WireType type) noexcept {
  switch (type) {
    case WireType::string: return 4;
    case WireType::list:
    case WireType::set: return binary::list_header_size;
    case WireType::map: return binary::map_header_size;
    default: return 0;
  }
}

}  // namespace

MessageScanner::MessageScanner(ProtocolId protocol, std::size_t max_size,
                               std::uint32_t max_depth) noexcept
    : protocol_(protocol), max_size_(max_size), max_depth_(max_depth) {}

void MessageScanner::reset() noexcept {
  in_header_ = true;
  position_ = 0;
  levels_.clear();
}

void MessageScanner::fail(ProtocolErrorKind kind, const std::string& problem) const {
  throw ProtocolError(kind, problem, position_);
}

/// `bytes` more belong to the message.
void MessageScanner::advance(std::uint64_t bytes) {
  if (position_ > max_size_ || bytes > max_size_ - position_) {
    fail(ProtocolErrorKind::size_limit,
         "the message is larger than the limit of " + std::to_string(max_size_) + " bytes");
  }
  position_ += bytes;
}

/// False where more bytes are needed.
bool MessageScanner::scan_header(std::span<const std::byte> bytes) {
  const binary::HeaderShape shape = binary::header_shape(bytes, {}).value();
  if (shape.size == 0) return false;
  advance(shape.size);
  in_header_ = false;
  if (max_depth_ == 0) fail(ProtocolErrorKind::depth_limit, "nested deeper than 0 levels");
  levels_.push_back({WireType::stop, WireType::stop, 0});  // the arguments or the result
  return true;
}

void MessageScanner::begin_container(WireType key, WireType value, std::int32_t size,
                                     std::uint32_t per_element) {
  if (size < 0) {
    fail(ProtocolErrorKind::negative_size, "a container of " + std::to_string(size) + " elements");
  }
  if (size == 0) return;
  for (const WireType type : {key, value}) {
    if (least_size(type) != 0) continue;
    fail(ProtocolErrorKind::invalid_data,
         "there is no wire type " + std::to_string(static_cast<unsigned>(type)));
  }
  const auto count = static_cast<std::uint64_t>(size);
  const std::uint64_t least =
      per_element == 2 ? least_size(key) + least_size(value) : least_size(value);
  if (has_fixed_size(key) && has_fixed_size(value)) return advance(count * least);
  // Elements that cannot fit are refused here, not when the last of them arrives.
  if (count * least > max_size_ - position_) advance(count * least);
  levels_.push_back({key, value, count * per_element});
}

/// The value at position_, whose fixed first part (a size, a container's header) is there.
void MessageScanner::begin_value(std::span<const std::byte> bytes, WireType type) {
  const std::byte* const p = bytes.data() + position_;
  switch (type) {
    case WireType::string: {
      const auto size = load_big<std::int32_t>(p);
      if (size < 0) {
        fail(ProtocolErrorKind::negative_size, "a string of " + std::to_string(size) + " bytes");
      }
      return advance(4 + static_cast<std::uint64_t>(size));
    }
    case WireType::struct_: levels_.push_back({WireType::stop, WireType::stop, 0}); break;
    case WireType::list:
    case WireType::set: {
      advance(binary::list_header_size);
      const auto element = static_cast<WireType>(p[0]);
      begin_container(element, element, load_big<std::int32_t>(p + 1), 1);
      break;
    }
    case WireType::map:
      advance(binary::map_header_size);
      begin_container(static_cast<WireType>(p[0]), static_cast<WireType>(p[1]),
                      load_big<std::int32_t>(p + 2), 2);
      break;
    default: return advance(least_size(type));
  }
  if (levels_.size() > max_depth_) {
    fail(ProtocolErrorKind::depth_limit,
         "nested deeper than " + std::to_string(max_depth_) + " levels");
  }
}

std::size_t MessageScanner::scan(std::span<const std::byte> bytes) {
  if (find_codec(protocol_) == nullptr) no_codec(protocol_).raise();
  if (in_header_ && !scan_header(bytes)) return 0;
  while (!levels_.empty()) {
    if (position_ >= bytes.size()) return 0;
    const std::size_t left = bytes.size() - position_;
    Level& level = levels_.back();
    WireType type = level.value;
    if (type == WireType::stop) {  // a struct: a field, or its end
      type = static_cast<WireType>(bytes[position_]);
      if (type == WireType::stop) {
        advance(1);
        levels_.pop_back();
        continue;
      }
      if (least_size(type) == 0) {
        fail(ProtocolErrorKind::invalid_data,
             "there is no wire type " + std::to_string(static_cast<unsigned>(type)));
      }
      // The header and the first part of the value, so that no state lies between the two.
      if (left < binary::field_header_size + first_part(type)) return 0;
      advance(binary::field_header_size);
    } else {
      if (level.left == 0) {
        levels_.pop_back();
        continue;
      }
      if (level.left % 2 == 0) type = level.key;
      if (left < first_part(type)) return 0;
      --level.left;
    }
    begin_value(bytes, type);
  }
  return position_ <= bytes.size() ? position_ : 0;
}

}  // namespace thrift
