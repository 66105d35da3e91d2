// Messages in Apache's JSON:
//
//     [1,"NAME",TYPE,SEQUENCE ID,{...}]
//
// 1 is the protocol's version. White space may stand anywhere, in front of the message too.

#include <algorithm>

#include "protocol/message_format.hpp"
#include "protocol/tjson_text.hpp"
#include "protocol/tjson_write.hpp"

namespace thrift::tjson {
namespace {

constexpr std::int64_t version = 1;

struct Envelope {
  std::int64_t version = 0;
  Text name;
  std::int64_t type = 0;
  std::int64_t sequence_id = 0;
  Place places[4] = {};  // where these stand
};

/// Where the struct starts, or nullptr.
Place read_envelope(DecodeState& state, Envelope& envelope) {
  const Place end = state.end();
  Place p = read_mark(state, state.begin(), end, '[');
  const auto next = [&](std::size_t which, auto&& read) {
    if (p == nullptr) return;
    envelope.places[which] = skip_space(p, end);
    p = read(envelope.places[which]);
    if (p != nullptr) p = read_mark(state, p, end, ',');
  };
  next(0, [&](Place at) { return read_integer(state, at, end, envelope.version); });
  next(1, [&](Place at) { return read_text(state, at, end, envelope.name); });
  next(2, [&](Place at) { return read_integer(state, at, end, envelope.type); });
  next(3, [&](Place at) { return read_integer(state, at, end, envelope.sequence_id); });
  return p;
}

Result<ReadHeader> read_header(std::span<const std::byte> bytes, const HeaderOptions& options) {
  static const DecodeOptions no_limits;  // the state looks at them for as long as it lives
  DecodeState state(bytes, no_limits);
  Envelope envelope;
  const Place p = read_envelope(state, envelope);
  const auto offset = [&](std::size_t which) {
    return static_cast<std::uint64_t>(envelope.places[which] - state.begin());
  };
  // What is wrong in a part that is there is told even where the next is not.
  if (envelope.places[1] != nullptr && envelope.version != version) {
    return header_failure(
        ProtocolErrorKind::bad_version,
        "the message is of version " + std::to_string(envelope.version) + " of JSON, not 1",
        offset(0));
  }
  if (p == nullptr) return state.failure({});
  if (envelope.name.size > options.max_name) {
    return bad_name_size(static_cast<std::int64_t>(envelope.name.size), options, offset(1));
  }
  if (envelope.name.has_escapes()) {
    return header_failure(ProtocolErrorKind::invalid_data, "a method's name with escapes",
                          offset(1));
  }
  if (envelope.type != static_cast<std::uint8_t>(envelope.type) ||
      !is_message_type(static_cast<unsigned>(envelope.type))) {
    return header_failure(ProtocolErrorKind::invalid_data,
                          "there is no message type " + std::to_string(envelope.type), offset(2));
  }
  if (envelope.sequence_id != static_cast<std::int32_t>(envelope.sequence_id)) {
    // Another number would be taken for the answer to another call.
    return header_failure(ProtocolErrorKind::invalid_data,
                          "there is no sequence id " + std::to_string(envelope.sequence_id),
                          offset(3));
  }
  ReadHeader read;
  read.header.name = {reinterpret_cast<const char*>(envelope.name.begin), envelope.name.size};
  read.header.type = static_cast<MessageType>(envelope.type);
  read.header.sequence_id = static_cast<std::int32_t>(envelope.sequence_id);
  read.size = static_cast<std::size_t>(p - state.begin());
  return read;
}

/// Gives room in a Buffer.
struct BufferRoom {
  Buffer& out;
  std::byte* room(std::byte* p, std::size_t n) {
    // What has been written stays: it is committed.
    if (p != nullptr) out.commit(static_cast<std::size_t>(p - out.data()) - out.size());
    return out.prepare(n);
  }
};

void write_header(const MessageHeader& header, Buffer& out) {
  check_name_size(header);
  BufferRoom room{out};
  std::byte* p = room.room(nullptr, value_room);
  p = write_character(p, '[');
  p = write_character(write_integer<false>(p, version), ',');
  p = write_text(room, p, reinterpret_cast<const std::byte*>(header.name.data()),
                 header.name.size());
  p = write_character(p, ',');
  p = write_character(write_integer<false>(p, static_cast<std::int64_t>(header.type)), ',');
  p = write_character(write_integer<false>(p, header.sequence_id), ',');
  (void)room.room(p, 0);
}

void write_end(Buffer& out) {
  out.push_back(std::byte{']'});
}

Result<std::span<const std::byte>> body(std::span<const std::byte> message,
                                        const ReadHeader& read) {
  std::size_t end = message.size();
  while (end > read.size &&
         skip_space(&message[end - 1], &message[end - 1] + 1) != &message[end - 1]) {
    --end;
  }
  if (end <= read.size || !is(message[end - 1], ']')) {
    return header_failure(
        end <= read.size ? ProtocolErrorKind::truncated : ProtocolErrorKind::invalid_data,
        "the message does not end with `]`", end);
  }
  return message.subspan(read.size, end - 1 - read.size);
}

/// Follows the brackets, and looks into no string. What stands between them is for decoding to
/// judge. A level of nesting is one bracket or two, so that deep messages may pass here that
/// decoding refuses.
class Scanner final : public MessageScanner::Strategy {
 public:
  Scanner(std::size_t max_size, std::uint32_t max_depth) noexcept
      : max_size_(max_size), max_brackets_(2 * std::size_t{max_depth} + 1) {}

  void reset() noexcept override {
    position_ = 0;
    found_ = false;
    in_header_ = true;
    in_string_ = false;
    open_.clear();
  }

  std::size_t scan(std::span<const std::byte> bytes) override {
    if (found_) return position_;
    // What lies behind the limit is not looked at, so that a message is told the same error however
    // much of it is here.
    const bool too_large = bytes.size() > max_size_;
    if (too_large) bytes = bytes.first(max_size_ + 1);
    // A header that is wrong is refused before its end.
    if (in_header_) check_header(bytes);
    const Place begin = bytes.data();
    const Place end = begin + bytes.size();
    Place p = begin + std::min(position_, bytes.size());
    while (p != end) {
      if (in_string_) {
        p = find_special(p, end);
        if (p == end) break;
        if (is(*p, '\\')) {
          if (end - p < 2) break;  // the escape is looked at when it is whole
          p += 2;
        } else {
          in_string_ = false;
          ++p;
        }
        continue;
      }
      const auto c = static_cast<char>(*p++);
      position_ = static_cast<std::size_t>(p - begin);
      if (c == '"') in_string_ = true;
      if (c == '[' || c == '{') open(c == '[' ? ']' : '}');
      if ((c == ']' || c == '}') && close(c)) {
        check_size();
        if (in_header_) fail(ProtocolErrorKind::invalid_data, "the message ends in its header");
        found_ = true;
        return position_;
      }
    }
    // Of bytes too many, the last may be an escape's first.
    position_ = static_cast<std::size_t>((too_large ? end : p) - begin);
    check_size();
    return 0;
  }

 private:
  static constexpr std::size_t longest_header = std::size_t{16} << 10;

  [[noreturn]] void fail(ProtocolErrorKind kind, const std::string& problem) const {
    throw ProtocolError(kind, problem, position_);
  }
  void check_size() const {
    if (position_ <= max_size_) return;
    fail(ProtocolErrorKind::size_limit,
         "the message is larger than the limit of " + std::to_string(max_size_) + " bytes");
  }
  void check_header(std::span<const std::byte> bytes) {
    bytes = bytes.first(std::min(bytes.size(), longest_header + 1));
    const Result<ReadHeader> read = read_header(bytes, {});
    if (!read &&
        read.error().template as<ProtocolErrorDetail>()->kind != ProtocolErrorKind::truncated) {
      read.error().raise();
    }
    if ((read ? read->size : bytes.size()) > longest_header) {
      position_ = longest_header + 1;
      fail(ProtocolErrorKind::size_limit, "the message's header does not end");
    }
    in_header_ = !read;
  }
  void open(char closing) {
    if (open_.size() >= max_brackets_) {
      fail(ProtocolErrorKind::depth_limit,
           "nested deeper than " + std::to_string(max_brackets_) + " brackets");
    }
    open_.push_back(closing);
  }
  /// Whether that was the last one.
  bool close(char c) {
    if (open_.empty() || open_.back() != c) {
      fail(ProtocolErrorKind::invalid_data,
           std::string("`") + c + "` closes a bracket that is not open");
    }
    open_.pop_back();
    return open_.empty();
  }

  std::size_t max_size_;
  std::size_t max_brackets_;
  std::size_t position_ = 0;  // all before it has been looked at
  bool found_ = false;
  bool in_header_ = true;
  bool in_string_ = false;
  std::string open_;  // what closes the brackets that are open
};

std::unique_ptr<MessageScanner::Strategy> new_scanner(std::size_t max_size,
                                                      std::uint32_t max_depth) {
  return std::make_unique<Scanner>(max_size, max_depth);
}

}  // namespace

constinit const MessageFormat message_format{.read_header = read_header,
                                             .write_header = write_header,
                                             .write_end = write_end,
                                             .body = body,
                                             .new_scanner = new_scanner};

}  // namespace thrift::tjson
