#pragma once

/// @file
/// `Result<T>`: what the `try_...` functions return instead of throwing.

#include <optional>
#include <thriftpp/base/error.hpp>
#include <utility>
#include <variant>

namespace thrift {

/// A T, or the Failure that prevented it.
///
///     if (auto user = users.try_call("getUser", "1"); !user) std::cerr << user.error().message();
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; throws the failure's exception where there is none.
  [[nodiscard]] T& value() & { return check(), std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return check(), std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return check(), std::get<0>(std::move(state_)); }

  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  /// The failure. Must not be called where there is a value.
  [[nodiscard]] const Failure& error() const { return std::get<1>(state_); }

 private:
  void check() const {
    if (!has_value()) error().raise();
  }
  std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure) : failure_(std::move(failure)) {}  // NOLINT: implicit

  [[nodiscard]] bool has_value() const noexcept { return !failure_; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (failure_) failure_->raise();
  }
  [[nodiscard]] const Failure& error() const { return failure_.value(); }

 private:
  std::optional<Failure> failure_;
};

}  // namespace thrift
