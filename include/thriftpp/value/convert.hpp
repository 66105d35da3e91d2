#pragma once

/// @file
/// `ValueView::as<T>()`: what the C++ types are that values come out as. Included by view.hpp.

#include <limits>
#include <thriftpp/value/view.hpp>
#include <type_traits>
#include <utility>

namespace thrift {

class Value;

namespace detail {

[[noreturn]] THRIFTPP_API void throw_no_conversion(ValueView value, std::string_view wanted);

[[nodiscard]] THRIFTPP_API bool to_bool(ValueView value);
/// The number of an integer or enum whose type fits [min, max].
[[nodiscard]] THRIFTPP_API std::int64_t to_integer(ValueView value, std::int64_t min,
                                                   std::int64_t max);
[[nodiscard]] THRIFTPP_API double to_double(ValueView value);
[[nodiscard]] THRIFTPP_API std::string_view to_text(ValueView value);   // bytes, or an enum's name
[[nodiscard]] THRIFTPP_API std::string_view to_bytes(ValueView value);  // string and binary only
[[nodiscard]] THRIFTPP_API Uuid to_uuid(ValueView value);
/// The list of elements stored as `op`.
[[nodiscard]] THRIFTPP_API const ListSlot& to_numbers(ValueView value, SlotOp op);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// std::map, std::unordered_map and the like.
template <class T>
concept MapLike = requires(T& t) {
  typename T::key_type;
  typename T::mapped_type;
  t.insert_or_assign(std::declval<typename T::key_type>(), std::declval<typename T::mapped_type>());
};
/// std::vector, std::list, std::set, ...: anything that inserts at a position.
template <class T>
concept SequenceLike = !MapLike<T> && requires(T& t) {
  typename T::value_type;
  t.insert(t.end(), std::declval<typename T::value_type>());
};

template <class E>
constexpr SlotOp number_op() {
  if constexpr (std::same_as<E, double>) return SlotOp::double_;
  if constexpr (std::same_as<E, std::int8_t>) return SlotOp::i8;
  if constexpr (std::same_as<E, std::int16_t>) return SlotOp::i16;
  if constexpr (std::same_as<E, std::int32_t>) return SlotOp::i32;
  if constexpr (std::signed_integral<E> && sizeof(E) == 8) return SlotOp::i64;
  return SlotOp::void_;
}

template <class T>
struct SpanElement {};
template <class E>
struct SpanElement<std::span<E>> {
  using type = std::remove_const_t<E>;
};

/// Types that look into the value instead of copying from it: dangerous on a temporary.
template <class T>
struct IsView : std::bool_constant<std::same_as<T, std::string_view> ||
                                   std::same_as<T, ValueView> || std::same_as<T, ValueRef>> {};
template <class E>
struct IsView<std::span<E>> : std::true_type {};
template <class T>
struct IsView<std::optional<T>> : IsView<T> {};
template <class T>
  requires(MapLike<T>)
struct IsView<T> : std::bool_constant<IsView<typename T::key_type>::value ||
                                      IsView<typename T::mapped_type>::value> {};
template <class T>
  requires(SequenceLike<T> && !std::same_as<T, std::string>)
struct IsView<T> : IsView<typename T::value_type> {};

template <class T>
T convert(ValueView v) {
  if constexpr (std::same_as<T, bool>) {
    return to_bool(v);
  } else if constexpr (Integer<T>) {
    static_assert(std::signed_integral<T>,
                  "Thrift's integers are signed: use std::int32_t, std::int64_t, ...");
    return static_cast<T>(
        to_integer(v, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(to_integer(v, INT32_MIN, INT32_MAX));
  } else if constexpr (std::same_as<T, double>) {
    return to_double(v);
  } else if constexpr (std::same_as<T, std::string_view>) {
    return to_text(v);
  } else if constexpr (std::same_as<T, std::string>) {
    return std::string(to_text(v));
  } else if constexpr (std::same_as<T, Uuid>) {
    return to_uuid(v);
  } else if constexpr (std::same_as<T, ValueView>) {
    return v;
  } else if constexpr (std::same_as<T, Value>) {
    return T(v);
  } else if constexpr (IsOptional<T>::value) {
    return convert<typename T::value_type>(v);
  } else if constexpr (requires { typename SpanElement<T>::type; }) {
    using E = typename SpanElement<T>::type;
    if constexpr (std::same_as<E, std::byte>) {
      const std::string_view bytes = to_bytes(v);
      return {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
    } else {
      static_assert(number_op<E>() != SlotOp::void_, "spans are of bytes, i8 to i64, or double");
      const ListSlot& slot = to_numbers(v, number_op<E>());
      return {reinterpret_cast<const E*>(slot.data), slot.size};
    }
  } else if constexpr (MapLike<T>) {
    T out;
    for (const auto [key, value] : v.as_map()) {
      out.insert_or_assign(convert<typename T::key_type>(key),
                           convert<typename T::mapped_type>(value));
    }
    return out;
  } else {
    static_assert(SequenceLike<T>, "as<T>(): no conversion to T");
    T out;
    for (const ValueView element : v.as_list()) {
      out.insert(out.end(), convert<typename T::value_type>(element));
    }
    return out;
  }
}

}  // namespace detail

template <class T>
T ValueView::as() const {
  return detail::convert<T>(*this);
}

template <class T>
Result<T> ValueView::try_as() const {
  try {
    return detail::convert<T>(*this);
  } catch (const Error& e) {
    return e.failure();
  }
}

}  // namespace thrift
