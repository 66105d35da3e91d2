#include "gateway/json_text.hpp"

#include <algorithm>
#include <charconv>

#include "json/json_string.hpp"

namespace thrift::gateway {

namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  void go_to(std::size_t at) noexcept { at_ = at; }
  void skip_blanks() noexcept {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool at_end() noexcept {
    skip_blanks();
    return at_ == text_.size();
  }
  // A string at the current place, without its quotes.
  bool string(std::string_view& out) noexcept {
    if (!take('"')) return false;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size()) return false;
    out = text_.substr(begin, at_ - begin);
    ++at_;
    return true;
  }
  // A value: up to the comma or bracket that ends it.
  bool value(std::string_view& out) {
    skip_blanks();
    const std::size_t begin = at_;
    std::string open;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        std::string_view ignored;
        if (!string(ignored)) return false;
        continue;
      }
      if (c == '{' || c == '[') open += c == '{' ? '}' : ']';
      if (c == '}' || c == ']') {
        if (open.empty()) break;
        if (open.back() != c) return false;
        open.pop_back();
      }
      if (c == ',' && open.empty()) break;
      ++at_;
    }
    if (!open.empty()) return false;
    std::size_t end = at_;
    while (end > begin && is_blank(text_[end - 1])) --end;
    out = text_.substr(begin, end - begin);
    return !out.empty();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// A name as it stands between its quotes; nothing where an escape is wrong.
std::optional<std::string> read_name(std::string_view text) {
  std::string out(text.size(), '\0');
  const char* const end = unescape(out.data(), text.data(), text.size());
  if (end == nullptr) return std::nullopt;
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

// Moves to the member's value; false where there is none, or the text is wrong.
bool enter_member(Scanner& scan, std::string_view name) {
  if (!scan.take('{')) return false;
  for (;;) {
    std::string_view key;
    std::string_view ignored;
    if (!scan.string(key) || !scan.take(':')) return false;
    scan.skip_blanks();
    if (read_name(key) == name) return true;
    if (!scan.value(ignored) || !scan.take(',')) return false;
  }
}

bool enter_element(Scanner& scan, std::size_t index) {
  const std::size_t begin = scan.at();
  if (scan.take('[')) {
    std::string_view ignored;
    for (std::size_t i = 0; i < index; ++i) {
      if (!scan.value(ignored) || !scan.take(',')) return false;
    }
    scan.skip_blanks();
    return true;
  }
  scan.go_to(begin);  // a map's entries are numbered as they stand there
  if (!scan.take('{')) return false;
  for (std::size_t i = 0;; ++i) {
    std::string_view ignored;
    if (!scan.string(ignored) || !scan.take(':')) return false;
    scan.skip_blanks();
    if (i == index) return true;
    if (!scan.value(ignored) || !scan.take(',')) return false;
  }
}

}  // namespace

std::optional<std::vector<JsonMember>> object_members(std::string_view text) {
  Scanner scan(text);
  std::vector<JsonMember> out;
  if (!scan.take('{')) return std::nullopt;
  if (!scan.take('}')) {
    do {
      std::string_view name;
      std::string_view value;
      if (!scan.string(name) || !scan.take(':') || !scan.value(value)) return std::nullopt;
      auto read = read_name(name);
      if (!read) return std::nullopt;
      out.push_back({std::move(*read), value});
    } while (scan.take(','));
    if (!scan.take('}')) return std::nullopt;
  }
  if (!scan.at_end()) return std::nullopt;
  return out;
}

std::optional<std::size_t> find_place(std::string_view text, std::string_view path,
                                      std::string_view member) {
  Scanner scan(text);
  scan.skip_blanks();
  std::optional<std::size_t> out;
  if (path.empty()) out = scan.at();
  while (!path.empty()) {
    bool found = false;
    if (path.front() == '[') {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (error != std::errc()) return out;
      path.remove_prefix(static_cast<std::size_t>(end - path.data()));
      if (path.starts_with(']')) path.remove_prefix(1);
      found = enter_element(scan, index);
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      const std::size_t end = std::min(path.find_first_of(".[{"), path.size());
      if (end == 0) return out;
      found = enter_member(scan, path.substr(0, end));
      path.remove_prefix(end);
    }
    if (!found) return out;
    out = scan.at();
  }
  if (!member.empty() && enter_member(scan, member)) out = scan.at();
  return out;
}

TextPosition position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<unsigned>(std::ranges::count(before, '\n') + 1),
          static_cast<unsigned>(before.size() - line_begin + 1)};
}

}  // namespace thrift::gateway
