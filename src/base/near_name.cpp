#include <algorithm>
#include <numeric>
#include <thriftpp/base/near_name.hpp>

namespace thrift {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Damerau-Levenshtein (optimal string alignment), letters compared without case; gives up (limit
/// + 1) once the distance exceeds `limit`. Only the cells that are no further than `limit` from the
/// diagonal can count, so that long names cost their length and not its square.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const std::size_t first = i > limit ? i - limit : 1;
    const std::size_t end = std::min(b.size(), i + limit);
    row[first - 1] = first == 1 ? i : limit + 1;
    std::size_t best = row[first - 1];
    for (std::size_t j = first; j <= end; ++j) {
      const std::size_t differs = lower(a[i - 1]) != lower(b[j - 1]) ? 1 : 0;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + differs});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
      best = std::min(best, row[j]);
    }
    if (end < b.size()) row[end + 1] = limit + 1;  // the next row looks there
    if (best > limit) return limit + 1;
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view near_name(std::string_view name, std::span<const std::string_view> candidates) {
  std::size_t limit = std::min<std::size_t>(3, std::max<std::size_t>(1, name.size() / 3));
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    const std::size_t d = distance(name, candidate, limit);
    // A name of one or two letters is only near to itself in another case.
    if (d > limit || (d > 0 && d >= std::max(name.size(), candidate.size()))) continue;
    if (candidate == name) continue;
    best = candidate;
    if (d == 0) break;
    limit = d - 1;
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const std::string_view near = near_name(name, candidates);
  return near.empty() ? std::string() : "; did you mean `" + std::string(near) + "`?";
}

}  // namespace thrift
