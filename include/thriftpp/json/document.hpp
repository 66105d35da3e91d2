#pragma once

/// @file
/// `JsonDocument`: JSON text, parsed and checked, before anybody says what type it has.
///
/// For text whose shape decides what its parts are: a line of messages, a file of prepared replies,
/// a request whose parts go to several types. Parts of it become values through `from_json`
/// (read.hpp); text of one type goes there directly.
///
/// Inside it is one flat array of nodes and one pool of text, so that parsing allocates little and
/// nothing recurses. Of numbers no digit is lost: those beyond 64 bits, and those with a fraction
/// or an exponent, stay text until somebody says what they are.
///
/// Syntax is RFC 8259, nothing more: no comments, no trailing commas, text must be UTF-8 (a byte
/// order mark before it is passed over). Depth is limited (max_json_depth), so is size (4 GiB).
///
/// Lifetime: a JsonNode views its document. Threads: const, safe from several threads.

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <thriftpp/value/value.hpp>

namespace thrift {

/// Levels of arrays and objects in JSON text: what a value of max_value_depth needs where all of
/// it is maps, each an array of pairs, around a `{"base64": "..."}`, and its envelope.
inline constexpr std::size_t max_json_depth = 2 * max_value_depth + 4;

namespace detail {
/// The TypeError of text, or of another library's document, that is nested deeper.
[[noreturn]] THRIFTPP_API void throw_json_too_deep();
}  // namespace detail

enum class JsonKind : std::uint8_t {
  null,
  boolean,
  integer,  ///< A number without fraction and exponent, however large.
  number,   ///< Any other number.
  string,
  array,
  object,
};

class JsonDocument;

/// One value in a document. Two words, copied freely.
class THRIFTPP_API JsonNode {
 public:
  [[nodiscard]] JsonKind kind() const noexcept;
  [[nodiscard]] bool is_null() const noexcept { return kind() == JsonKind::null; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == JsonKind::string; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == JsonKind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == JsonKind::object; }
  /// Of a boolean.
  [[nodiscard]] bool boolean() const noexcept;
  /// Of a string: its text, escapes resolved.
  [[nodiscard]] std::string_view text() const noexcept;
  /// Of an integer that fits; nothing of anything else.
  [[nodiscard]] std::optional<std::int64_t> as_int64() const noexcept;
  /// Of any number: the double next to it.
  [[nodiscard]] double as_double() const noexcept;

  /// Elements of an array, members of an object; 0 of anything else.
  [[nodiscard]] std::size_t size() const noexcept;
  class iterator;
  /// The elements of an array, the members of an object; nothing of anything else.
  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  /// An object's member; of several by that name the last. O(size).
  [[nodiscard]] std::optional<JsonNode> find(std::string_view name) const noexcept;
  /// What stands there, for messages: "`null`", "`42`", "`\"text\"`", "an array", "an object";
  /// long text is cut.
  [[nodiscard]] std::string describe() const;
  /// Bytes of the whole document's text.
  [[nodiscard]] std::size_t document_size() const noexcept;

  struct Tape;  ///< Private to the layer.

 private:
  friend class JsonDocument;
  JsonNode(const Tape& tape, std::uint32_t index) noexcept : tape_(&tape), index_(index) {}
  const Tape* tape_;
  std::uint32_t index_;
};

/// `for (JsonNode element : array)`; an object's members have a `name()`:
/// `for (auto i = object.begin(); i != object.end(); ++i) use(i.name(), *i);`
class THRIFTPP_API JsonNode::iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = JsonNode;
  using difference_type = std::ptrdiff_t;
  JsonNode operator*() const noexcept { return {*tape_, value_index()}; }
  /// Of an object's member.
  [[nodiscard]] std::string_view name() const noexcept { return JsonNode(*tape_, index_).text(); }
  iterator& operator++() noexcept;
  friend bool operator==(const iterator& a, const iterator& b) noexcept {
    return a.index_ == b.index_;
  }

 private:
  friend class JsonNode;
  iterator(const Tape& tape, std::uint32_t index, bool members) noexcept
      : tape_(&tape), index_(index), members_(members) {}
  [[nodiscard]] std::uint32_t value_index() const noexcept { return index_ + (members_ ? 1 : 0); }
  const Tape* tape_;
  std::uint32_t index_;
  bool members_;
};

class THRIFTPP_API JsonDocument {
 public:
  /// Parses `text`, which is not needed any more afterwards. TypeError "not JSON at line 3, column
  /// 7: ..." where it is not JSON; columns count bytes from 1.
  explicit JsonDocument(std::string_view text);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  [[nodiscard]] JsonNode root() const noexcept { return {*tape_, 0}; }

 private:
  std::unique_ptr<const JsonNode::Tape> tape_;
};

}  // namespace thrift
