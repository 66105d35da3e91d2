#pragma once

// Percent-encoding, and the pairs of queries, forms and cookies.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thrift::gateway {

// Nothing where a `%` is not followed by two hexadecimal digits. `plus`: "+" is a blank.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus);

struct Pair {
  std::string name;
  std::string value;
};
// "a=1&b=2". Nothing where something is wrongly encoded.
[[nodiscard]] std::optional<std::vector<Pair>> parse_pairs(std::string_view text);
// The cookie of that name in "a=1; b=2", without quotes around it.
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view header,
                                                          std::string_view name) noexcept;

}  // namespace thrift::gateway
