#include <algorithm>
#include <array>
#include <iterator>
#include <thriftpp/value/json_options.hpp>

namespace thrift {

namespace {

// A word's place is its enumerator, or the number that it is.
constexpr std::string_view enums[] = {"name", "number"};
constexpr std::string_view maps[] = {"object", "pairs"};
constexpr std::string_view int64[] = {"number", "string"};
constexpr std::string_view binary[] = {"base64", "text"};
constexpr std::string_view defaults[] = {"omit", "write"};
constexpr std::string_view indent[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};

template <auto member, const auto& words>
constexpr JsonOption option(std::string_view name, std::string_view docs) {
  return {name, docs, words,
          [](const JsonOptions& options) {
            const auto place = static_cast<std::size_t>(options.*member);
            return place < std::size(words) ? words[place] : std::string_view();
          },
          [](JsonOptions& options, std::string_view value) {
            const auto* const found = std::ranges::find(words, value);
            if (found == std::end(words)) return false;
            auto& chosen = options.*member;
            chosen = static_cast<std::remove_reference_t<decltype(chosen)>>(found - words);
            return true;
          }};
}

using J = JsonOptions;
constexpr std::array all{
    option<&J::enums, enums>("enums", "How values of enums are written"),
    option<&J::maps, maps>("maps", "How maps are written"),
    option<&J::int64, int64>("int64", "How 64-bit integers are written"),
    option<&J::binary, binary>("binary", "How bytes are written and read"),
    option<&J::defaults, defaults>("defaults", "Whether unset fields with a default are written"),
    option<&J::indent, indent>("indent", "Spaces for each level; 0 is one line")};

}  // namespace

std::span<const JsonOption> json_options() noexcept {
  return all;
}

}  // namespace thrift
