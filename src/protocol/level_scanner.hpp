#pragma once

// Finding a message's end in protocols that say how large a value is before it comes, as binary and
// compact do: a stack of the structs and containers that are not whole yet, and a position that
// runs ahead of what has arrived, since the bytes of strings and numbers need no look.
//
// A Format says how the protocol writes things:
//
//     header_size(bytes)      of the envelope, as Result; 0 while it is not whole
//     field(bytes, at)        what starts at `at` in a struct: a field's header, or the stop
//     value(bytes, at, type)  the size of a value that is no struct, or a container's header
//     least_size, has_fixed_size   of elements, by wire type; least_size is 0 of what cannot be one
//
// The last two return a `size` of 0 while more bytes are needed. They throw ProtocolError.

#include <string>
#include <thriftpp/base/error.hpp>
#include <vector>

#include "protocol/message_format.hpp"

namespace thrift {

struct FieldStart {
  std::size_t size = 0;  // of the field's header
  WireType type = WireType::stop;
  bool has_value = true;  // false of a stop, and of a bool that its header holds
};

struct ValueStart {
  std::size_t size = 0;    // of a container's header, of a string's size
  std::uint64_t rest = 0;  // bytes behind it that need no look
  enum class Opens : std::uint8_t { nothing, list, map } opens = Opens::nothing;
  WireType key = WireType::stop;  // of a list the elements'
  WireType value = WireType::stop;
  std::int64_t count = 0;
};

template <class Format>
class LevelScanner final : public MessageScanner::Strategy {
 public:
  LevelScanner(std::size_t max_size, std::uint32_t max_depth) noexcept
      : max_size_(max_size), max_depth_(max_depth) {}

  void reset() noexcept override {
    in_header_ = true;
    position_ = 0;
    pending_ = WireType::stop;
    levels_.clear();
  }

  std::size_t scan(std::span<const std::byte> bytes) override {
    if (in_header_ && !scan_header(bytes)) return 0;
    while (!levels_.empty()) {
      if (pending_ == WireType::stop) {
        if (position_ >= bytes.size() || !next(bytes)) return 0;
      } else if (pending_ == WireType::struct_) {
        pending_ = WireType::stop;
        open_struct();
      } else if (position_ >= bytes.size() || !begin_value(bytes)) {
        return 0;
      }
    }
    return position_ <= bytes.size() ? position_ : 0;
  }

 private:
  // A struct, list, set or map that is not whole yet.
  struct Level {
    bool is_struct;
    WireType key;        // of a list, set: its elements'
    WireType value;      // as key, where it is no map
    std::uint64_t left;  // elements still to come; of a map, keys and values
  };

  [[noreturn]] void fail(ProtocolErrorKind kind, const std::string& problem) const {
    throw ProtocolError(kind, problem, position_);
  }
  [[noreturn]] void bad_type(WireType type) const {
    fail(ProtocolErrorKind::invalid_data,
         "there is no wire type " + std::to_string(static_cast<unsigned>(type)));
  }

  // `bytes` more belong to the message.
  void advance(std::uint64_t bytes) {
    if (position_ > max_size_ || bytes > max_size_ - position_) {
      fail(ProtocolErrorKind::size_limit,
           "the message is larger than the limit of " + std::to_string(max_size_) + " bytes");
    }
    position_ += bytes;
  }

  void open(const Level& level) {
    if (levels_.size() >= max_depth_) {
      fail(ProtocolErrorKind::depth_limit,
           "nested deeper than " + std::to_string(max_depth_) + " levels");
    }
    levels_.push_back(level);
  }
  void open_struct() { open({true, WireType::stop, WireType::stop, 0}); }

  // False where more bytes are needed: as all below.
  bool scan_header(std::span<const std::byte> bytes) {
    const std::size_t size = Format::header_size(bytes).value();
    if (size == 0) return false;
    advance(size);
    in_header_ = false;
    open_struct();  // the arguments or the result
    return true;
  }

  // To the next value of the innermost level, which is `pending_` then, or out of it.
  bool next(std::span<const std::byte> bytes) {
    Level& level = levels_.back();
    if (!level.is_struct) {
      if (level.left == 0) return levels_.pop_back(), true;
      pending_ = level.left % 2 == 0 ? level.key : level.value;
      --level.left;
      return true;
    }
    const FieldStart field = Format::field(bytes, position_);
    if (field.size == 0) return false;
    advance(field.size);
    if (field.type == WireType::stop) {
      levels_.pop_back();
    } else if (field.has_value) {
      pending_ = field.type;
    }
    return true;
  }

  bool begin_value(std::span<const std::byte> bytes) {
    const ValueStart value = Format::value(bytes, position_, pending_);
    if (value.size == 0 && value.rest == 0) return false;
    pending_ = WireType::stop;
    advance(value.size);
    switch (value.opens) {
      case ValueStart::Opens::nothing: advance(value.rest); break;
      case ValueStart::Opens::list: begin_container(value, 1); break;
      case ValueStart::Opens::map: begin_container(value, 2); break;
    }
    return true;
  }

  void begin_container(const ValueStart& start, std::uint32_t per_element) {
    if (start.count < 0) {
      fail(ProtocolErrorKind::negative_size,
           "a container of " + std::to_string(start.count) + " elements");
    }
    if (start.count == 0) return check_depth();
    for (const WireType type : {start.key, start.value}) {
      if (Format::least_size(type) == 0) bad_type(type);
    }
    const auto count = static_cast<std::uint64_t>(start.count);
    const std::uint64_t least =
        Format::least_size(start.value) + (per_element == 2 ? Format::least_size(start.key) : 0);
    if (Format::has_fixed_size(start.key) && Format::has_fixed_size(start.value)) {
      check_depth();
      return advance(count * least);
    }
    // Elements that cannot fit are refused here, not when the last of them arrives.
    if (count * least > max_size_ - position_) advance(count * least);
    open({false, start.key, start.value, count * per_element});
  }
  // Of a container that needs no level, as its elements need no look.
  void check_depth() {
    open_struct();
    levels_.pop_back();
  }

  std::size_t max_size_;
  std::uint32_t max_depth_;
  bool in_header_ = true;
  WireType pending_ = WireType::stop;  // the value that comes next; stop: none is known
  std::size_t position_ = 0;
  std::vector<Level> levels_;
};

}  // namespace thrift
