#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/document.hpp>

#include "json/tape.hpp"

namespace thrift {
namespace {

using Tape = JsonNode::Tape;

/// "not JSON at line 3, column 7: PROBLEM"; columns count bytes.
[[noreturn]] void fail_at(std::string_view text, std::size_t offset, const std::string& problem) {
  text = text.substr(0, offset);
  const auto line = static_cast<unsigned>(std::ranges::count(text, '\n') + 1);
  const std::size_t line_start = text.rfind('\n') + 1;  // npos + 1 is 0
  const auto column = static_cast<unsigned>(text.size() - line_start + 1);
  TypeErrorDetail detail({}, "not JSON at line " + std::to_string(line) + ", column " +
                                 std::to_string(column) + ": " + problem);
  detail.line = line;
  detail.column = column;
  throw TypeError(make_failure<TypeErrorDetail>(std::move(detail)));
}

/// The core of nlohmann's "[id] parse error at ...: syntax error while parsing value - PROBLEM;
/// last read: 'TOKEN'; expected X": the token is left out (it may be as long as the text, and its
/// place is told), the quotes become ours.
std::string problem_of(std::string_view what) {
  const std::size_t dash = what.find(" - ");
  what.remove_prefix(dash != std::string_view::npos ? dash + 3 : what.find("] ") + 2);
  std::string problem(what.substr(0, what.find("; last read: ")));
  if (const std::size_t expected = what.rfind("; expected ");
      expected != std::string_view::npos && expected >= problem.size()) {
    problem += what.substr(expected, 80);
  }
  // "number overflow parsing 'DIGITS'" names them all.
  if (problem.size() > 200) problem.resize(200);
  std::ranges::replace(problem, '\'', '`');
  return problem;
}

/// Takes the parser's events and appends to the tape.
class TapeBuilder {
 public:
  TapeBuilder(Tape& tape, std::string_view source) : tape_(tape), source_(source) {}

  // The names are those that nlohmann's parser calls; true means "go on".
  bool null() { return add(Tape::Tag::null); }
  bool boolean(bool value) {
    add(Tape::Tag::boolean);
    tape_.nodes.back().boolean = value;
    return true;
  }
  // Called for numbers with a minus only: without one they are unsigned.
  bool number_integer(std::int64_t value) {
    add(value == 0 ? Tape::Tag::minus_zero : Tape::Tag::int64);
    tape_.nodes.back().int64 = value;
    return true;
  }
  bool number_unsigned(std::uint64_t value) {
    if (value > std::uint64_t{INT64_MAX}) return add_text(Tape::Tag::digits, std::to_string(value));
    add(Tape::Tag::int64);
    tape_.nodes.back().int64 = static_cast<std::int64_t>(value);
    return true;
  }
  bool number_float(double /*value*/, const std::string& text) {
    // The parser may give the point as the C locale has it; nothing else in a number is unlike
    // these.
    const std::size_t point = text.find_first_not_of("+-0123456789eE");
    if (point == std::string::npos) {
      const bool integer = text.find_first_of("eE") == std::string::npos;
      return add_text(integer ? Tape::Tag::digits : Tape::Tag::decimal, text);
    }
    std::string plain = text;
    plain[point] = '.';
    return add_text(Tape::Tag::decimal, plain);
  }
  bool string(const std::string& text) { return add_text(Tape::Tag::string, text); }
  bool binary(const nlohmann::json::binary_t& /*bytes*/) { return false; }  // not in JSON text
  bool key(const std::string& name) {
    ++tape_.nodes[open_.back()].size;
    return add_text(Tape::Tag::string, name);
  }
  bool start_object(std::size_t /*unknown*/) { return start(Tape::Tag::object); }
  bool start_array(std::size_t /*unknown*/) { return start(Tape::Tag::array); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& error) {
    // A literal in the wrong place is told by its start, anything else by the character that is
    // wrong. (`token` means nothing where the parser saw a bracket, a comma or a colon.)
    const std::string_view what = error.what();
    const std::size_t unexpected = what.find("- unexpected ");
    const bool literal =
        (unexpected != std::string_view::npos &&
         what.substr(unexpected, what.find(';', unexpected) - unexpected).ends_with(" literal")) ||
        what.find("] number overflow ") != std::string_view::npos;
    const std::size_t back = literal ? std::max<std::size_t>(token.size(), 1) : 1;
    const std::size_t offset = position < back ? 0 : std::min(position - back, source_.size());
    fail_at(source_, offset, problem_of(what));
  }

 private:
  bool add(Tape::Tag tag) {
    if (!open_.empty() && tape_.nodes[open_.back()].tag == Tape::Tag::array) {
      ++tape_.nodes[open_.back()].size;
    }
    Tape::Node node{};
    node.tag = tag;
    node.next = static_cast<std::uint32_t>(tape_.nodes.size() + 1);
    tape_.nodes.push_back(node);
    return true;
  }
  bool add_text(Tape::Tag tag, std::string_view text) {
    add(tag);
    tape_.nodes.back().text = tape_.pool.size();
    tape_.nodes.back().size = static_cast<std::uint32_t>(text.size());
    tape_.pool += text;
    return true;
  }
  bool start(Tape::Tag tag) {
    if (open_.size() == max_json_depth) detail::throw_json_too_deep();
    add(tag);
    open_.push_back(static_cast<std::uint32_t>(tape_.nodes.size() - 1));
    return true;
  }
  bool end() {
    tape_.nodes[open_.back()].next = static_cast<std::uint32_t>(tape_.nodes.size());
    open_.pop_back();
    return true;
  }

  Tape& tape_;
  std::string_view source_;
  std::vector<std::uint32_t> open_;  // arrays and objects that have not ended
};

}  // namespace

JsonDocument::JsonDocument(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw TypeError("JSON text of " + std::to_string(text.size()) + " bytes; at most 4 GiB");
  }
  auto tape = std::make_unique<Tape>();
  tape->source_size = text.size();
  TapeBuilder builder(*tape, text);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  // To nlohmann a zero byte is the end of the text, whatever follows.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    fail_at(text, zero, "unexpected zero byte");
  }
  tape_ = std::move(tape);
}

JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

JsonKind JsonNode::kind() const noexcept {
  switch (tape_->nodes[index_].tag) {
    case Tape::Tag::null: return JsonKind::null;
    case Tape::Tag::boolean: return JsonKind::boolean;
    case Tape::Tag::int64:
    case Tape::Tag::minus_zero:
    case Tape::Tag::digits: return JsonKind::integer;
    case Tape::Tag::decimal: return JsonKind::number;
    case Tape::Tag::string: return JsonKind::string;
    case Tape::Tag::array: return JsonKind::array;
    case Tape::Tag::object: break;
  }
  return JsonKind::object;
}

bool JsonNode::boolean() const noexcept {
  return tape_->nodes[index_].boolean;
}

std::string_view JsonNode::text() const noexcept {
  return tape_->text(tape_->nodes[index_]);
}

std::optional<std::int64_t> JsonNode::as_int64() const noexcept {
  const Tape::Node& node = tape_->nodes[index_];
  if (node.tag == Tape::Tag::int64 || node.tag == Tape::Tag::minus_zero) return node.int64;
  return std::nullopt;
}

double JsonNode::as_double() const noexcept {
  const Tape::Node& node = tape_->nodes[index_];
  if (node.tag == Tape::Tag::minus_zero) return -0.0;
  if (node.tag == Tape::Tag::int64) return static_cast<double>(node.int64);
  const std::string_view digits = tape_->text(node);
  // Overflow was a mistake of the text already; underflow leaves the zero that stands here.
  double value = digits.starts_with('-') ? -0.0 : 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::size_t JsonNode::size() const noexcept {
  return kind() >= JsonKind::array ? tape_->nodes[index_].size : 0;
}

void detail::throw_json_too_deep() {
  throw TypeError("JSON is nested deeper than " + std::to_string(max_json_depth) + " levels");
}

JsonNode::iterator JsonNode::begin() const noexcept {
  return {*tape_, kind() >= JsonKind::array ? index_ + 1 : tape_->nodes[index_].next, is_object()};
}

JsonNode::iterator JsonNode::end() const noexcept {
  return {*tape_, tape_->nodes[index_].next, is_object()};
}

JsonNode::iterator& JsonNode::iterator::operator++() noexcept {
  index_ = tape_->nodes[value_index()].next;
  return *this;
}

std::size_t JsonNode::document_size() const noexcept {
  return tape_->source_size;
}

std::optional<JsonNode> JsonNode::find(std::string_view name) const noexcept {
  std::optional<JsonNode> found;
  if (!is_object()) return found;
  for (auto member = begin(); member != end(); ++member) {
    if (member.name() == name) found = *member;
  }
  return found;
}

std::string JsonNode::describe() const {
  const Tape::Node& node = tape_->nodes[index_];
  constexpr std::size_t shown = 40;  // bytes of long text
  switch (node.tag) {
    case Tape::Tag::null: return "`null`";
    case Tape::Tag::boolean: return node.boolean ? "`true`" : "`false`";
    case Tape::Tag::int64: return "`" + std::to_string(node.int64) + "`";
    case Tape::Tag::minus_zero: return "`-0`";
    case Tape::Tag::digits:
    case Tape::Tag::decimal:
      return "`" + std::string(text().substr(0, shown)) + (node.size > shown ? "...`" : "`");
    case Tape::Tag::string: {
      std::string_view head = text().substr(0, shown);
      // A cut inside of a character takes the whole character away.
      while (head.size() < node.size && !is_utf8(head)) head.remove_suffix(1);
      std::string quoted = "`";
      append_json_string(quoted, head);
      return quoted + (node.size > head.size() ? "...`" : "`");
    }
    case Tape::Tag::array: return "an array";
    case Tape::Tag::object: break;
  }
  return "an object";
}

}  // namespace thrift
