#include "gateway/json_text.hpp"

#include <algorithm>
#include <charconv>

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

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view from = "\"\\/bfnrt";
    constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    if (const std::size_t which = from.find(c); which != std::string_view::npos) {
      out += to[which];
      continue;
    }
    unsigned code = 0;
    if (c == 'u' && text.size() - i > 4 &&
        std::from_chars(text.data() + i + 1, text.data() + i + 5, code, 16).ptr ==
            text.data() + i + 5 &&
        code < 0x80) {
      out += static_cast<char>(code);
      i += 4;
    } else {
      out += '\\';
      out += c;
    }
  }
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
    if (unescape(key) == name) return true;
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
      JsonMember member;
      if (!scan.string(name) || !scan.take(':') || !scan.value(member.value)) return std::nullopt;
      member.name = unescape(name);
      out.push_back(std::move(member));
    } while (scan.take(','));
    if (!scan.take('}')) return std::nullopt;
  }
  if (!scan.at_end()) return std::nullopt;
  return out;
}

TextPosition position_of(std::string_view text, std::string_view path) {
  Scanner scan(text);
  scan.skip_blanks();
  std::size_t at = scan.at();
  while (!path.empty()) {
    bool found = false;
    if (path.front() == '[') {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
      if (error != std::errc()) break;
      path.remove_prefix(static_cast<std::size_t>(end - path.data()));
      if (path.starts_with(']')) path.remove_prefix(1);
      found = enter_element(scan, index);
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      const std::size_t end = std::min(path.find_first_of(".[{"), path.size());
      if (end == 0) break;
      found = enter_member(scan, path.substr(0, end));
      path.remove_prefix(end);
    }
    if (!found) break;
    at = scan.at();
  }
  at = std::min(at, text.size());
  const std::string_view before = text.substr(0, at);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t line_begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  return {static_cast<unsigned>(std::ranges::count(before, '\n') + 1),
          static_cast<unsigned>(at - line_begin + 1)};
}

}  // namespace thrift::gateway
