#pragma once

/// @file
/// What may stand at every definition: annotations `(key = "value")`, documentation, and the place
/// in the source.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/base/source_position.hpp>

namespace thrift {

/// From the first byte of a definition to one past its last. Line 0: it stands in no file
/// (made by a SchemaBuilder, or by the loader itself).
struct SourceSpan {
  SourcePosition begin{0, 0};
  SourcePosition end{0, 0};
};

/// One `key = "value"`; without a value Apache's compiler takes "1", and so do we.
struct Annotation {
  std::string_view name;
  std::string_view value;
  bool has_value = true;  ///< False for `(key)`; `value` is "1" then.
};

/// The annotations of one place, in the order written. A name may stand there twice.
class Annotations {
 public:
  constexpr Annotations() noexcept = default;
  constexpr explicit Annotations(std::span<const Annotation> all) noexcept : all_(all) {}

  [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
  [[nodiscard]] auto end() const noexcept { return all_.end(); }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] const Annotation& operator[](std::size_t i) const noexcept { return all_[i]; }

  /// The value of the last annotation of that name, or nothing.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (std::size_t i = all_.size(); i-- > 0;) {
      if (all_[i].name == name) return all_[i].value;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool contains(std::string_view name) const noexcept {
    return find(name).has_value();
  }
  /// Whether it is there and neither "false" nor "0": `(idempotent)`, `(idempotent = "true")`.
  [[nodiscard]] bool is_set(std::string_view name) const noexcept {
    const std::optional<std::string_view> value = find(name);
    return value && *value != "false" && *value != "0";
  }

 private:
  std::span<const Annotation> all_;
};

}  // namespace thrift
