#include "base/unknown_name.hpp"

#include <thriftpp/base/near_name.hpp>

namespace thrift {

TypeErrorDetail unknown_name(std::string path, std::string problem, std::string_view name,
                             std::span<const std::string_view> candidates) {
  TypeErrorDetail out(std::move(path), std::move(problem) + did_you_mean(name, candidates));
  out.suggestion = near_name(name, candidates);
  return out;
}

void throw_unknown_name(std::string path, std::string problem, std::string_view name,
                        std::span<const std::string_view> candidates) {
  throw TypeError(make_failure<TypeErrorDetail>(
      unknown_name(std::move(path), std::move(problem), name, candidates)));
}

}  // namespace thrift
