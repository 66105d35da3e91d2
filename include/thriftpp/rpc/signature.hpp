#pragma once

/// @file
/// What a C++ function takes and returns, as data, so that `on()` can check a handler against the
/// IDL when it is registered. Users need none of this; they meet it as the errors that it throws.
/// Threads: constants and free functions; safe from several threads.

#include <set>
#include <thriftpp/schema/service.hpp>
#include <thriftpp/value/literal.hpp>
#include <thriftpp/value/value.hpp>
#include <tuple>
#include <unordered_set>

namespace thrift::detail {

/// A C++ type, as far as it matters for what Thrift types it can hold.
struct CppType {
  enum class Kind : std::uint8_t {
    void_,
    boolean,
    integer,
    enumeration,
    number,
    text,
    bytes,
    uuid,
    numbers,  ///< a span over list<E>
    sequence,
    map,
    optional,
    any,  ///< Value and its views
  };
  Kind kind;
  const char* name;  ///< Of a template: without its arguments.
  std::uint8_t size = 0;
  SlotOp op = SlotOp::void_;
  const CppType* key = nullptr;
  const CppType* element = nullptr;
};

/// Throws TypeError, which names the method, what the IDL says and what the handler has.
THRIFTPP_API void check_signature(const Function& function,
                                  std::span<const CppType* const> parameters,
                                  const CppType& result);

template <class T>
constexpr CppType describe();
template <class T>
inline constexpr CppType cpp_type = describe<T>();

template <class T>
constexpr const char* integer_name() {
  constexpr bool is_signed = std::signed_integral<T>;
  switch (sizeof(T)) {
    case 1: return is_signed ? "std::int8_t" : "std::uint8_t";
    case 2: return is_signed ? "std::int16_t" : "std::uint16_t";
    case 4: return is_signed ? "std::int32_t" : "std::uint32_t";
    default: return is_signed ? "std::int64_t" : "std::uint64_t";
  }
}

template <class T>
struct SequenceName {
  static constexpr const char* value = "sequence";
};
template <class E>
struct SequenceName<std::vector<E>> {
  static constexpr const char* value = "std::vector";
};
template <class E>
struct SequenceName<std::set<E>> {
  static constexpr const char* value = "std::set";
};
template <class E>
struct SequenceName<std::unordered_set<E>> {
  static constexpr const char* value = "std::unordered_set";
};

template <class T>
constexpr CppType describe() {
  using Kind = CppType::Kind;
  if constexpr (std::is_void_v<T>) {
    return {Kind::void_, "void"};
  } else if constexpr (std::same_as<T, bool>) {
    return {Kind::boolean, "bool"};
  } else if constexpr (Integer<T>) {
    return {Kind::integer, integer_name<T>(), sizeof(T)};
  } else if constexpr (std::is_enum_v<T> && !std::same_as<T, std::byte>) {
    return {Kind::enumeration, "an enum", sizeof(T)};
  } else if constexpr (std::floating_point<T>) {
    return {Kind::number, std::same_as<T, float> ? "float" : "double"};
  } else if constexpr (HasView<T>) {
    return {Kind::any, "Value"};
  } else if constexpr (StringLike<T>) {
    return {Kind::text, std::same_as<T, std::string> ? "std::string" : "std::string_view"};
  } else if constexpr (std::same_as<T, Uuid>) {
    return {Kind::uuid, "thrift::Uuid"};
  } else if constexpr (ByteRange<T>) {
    return {Kind::bytes, "bytes"};
  } else if constexpr (IsOptional<T>::value) {
    return {Kind::optional, "std::optional", 0,
            SlotOp::void_,  nullptr,         &cpp_type<typename T::value_type>};
  } else if constexpr (requires { typename SpanElement<T>::type; }) {
    return {Kind::numbers,
            "std::span",
            0,
            number_op<typename SpanElement<T>::type>(),
            nullptr,
            &cpp_type<typename SpanElement<T>::type>};
  } else if constexpr (requires { typename T::mapped_type; }) {
    return {Kind::map,
            "std::map",
            0,
            SlotOp::void_,
            &cpp_type<typename T::key_type>,
            &cpp_type<typename T::mapped_type>};
  } else {
    static_assert(std::ranges::range<T>, "a handler cannot take or return this C++ type");
    return {Kind::sequence,
            SequenceName<T>::value,
            0,
            SlotOp::void_,
            nullptr,
            &cpp_type<std::remove_cvref_t<std::ranges::range_value_t<T>>>};
  }
}

template <class R, class... P>
struct Signature {
  using Result = std::remove_cvref_t<R>;
  using Parameters = std::tuple<P...>;
  static constexpr std::array<const CppType*, sizeof...(P)> parameters = {
      &cpp_type<std::remove_cvref_t<P>>...};
};

template <class F>
struct SignatureOf : SignatureOf<decltype(&F::operator())> {};
template <class R, class... P>
struct SignatureOf<R (*)(P...)> : Signature<R, P...> {};
template <class R, class... P>
struct SignatureOf<R (*)(P...) noexcept> : Signature<R, P...> {};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...)> : Signature<R, P...> {};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) noexcept> : Signature<R, P...> {};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) const> : Signature<R, P...> {};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) const noexcept> : Signature<R, P...> {};

/// A function whose parameters are known: no template, no `auto`, not overloaded.
template <class F>
concept HasSignature =
    std::is_pointer_v<F> || requires { &F::operator(); };  // NOLINT: a pointer to a function

}  // namespace thrift::detail
