#include "idl/doc_comment.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace thrift::syntax {
namespace {

using Lines = std::vector<std::string_view>;
constexpr std::string_view blanks = " \t";

Lines split(std::string_view text) {
  Lines lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

/// The column of the stars, where each line behind the first that is not blank has one there.
std::optional<std::size_t> star_column(const Lines& lines) {
  std::optional<std::size_t> column;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t at = lines[i].find_first_not_of(blanks);
    if (at == std::string_view::npos) continue;
    if (lines[i][at] != '*' || (column && *column != at)) return std::nullopt;
    column = at;
  }
  return column;
}

void remove_front(Lines& lines, std::size_t count) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    lines[i].remove_prefix(std::min(count, lines[i].size()));
  }
}

std::size_t shared_indentation(const Lines& lines) {
  std::size_t least = std::string_view::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    least = std::min(least, lines[i].find_first_not_of(blanks));
  }
  return least == std::string_view::npos ? 0 : least;
}

}  // namespace

bool is_doc_comment(std::string_view comment) noexcept {
  return comment.starts_with("/**") && comment.find_first_not_of('*', 1) != comment.size() - 1;
}

std::string clean_doc_comment(std::string_view comment) {
  std::string text(comment.substr(3, comment.size() - 5));
  std::erase(text, '\r');

  Lines lines = split(text);
  if (lines.back().find_first_not_of(blanks) == std::string_view::npos) lines.pop_back();
  if (lines.empty()) return {};
  lines.front().remove_prefix(
      std::min(lines.front().find_first_not_of(blanks), lines.front().size()));
  if (const auto column = star_column(lines)) remove_front(lines, *column + 1);
  remove_front(lines, shared_indentation(lines));

  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t last = lines[i].find_last_not_of(blanks);
    const std::string_view line =
        last == std::string_view::npos ? std::string_view{} : lines[i].substr(0, last + 1);
    if (i == 0 && line.empty()) continue;
    out.append(line).append("\n");
  }
  if (out.find_first_not_of('\n') == std::string::npos) return {};
  return out;
}

}  // namespace thrift::syntax
