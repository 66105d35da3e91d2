#pragma once

/// @file
/// `Literal`: braces and C++ values that become a value of the type at hand.
///
///     idl.make("User", {{"id", "1"}, {"tags", {"a", "b"}}, {"age", 30}})
///
/// A literal has no type of its own; it is checked against the IDL's and written straight into the
/// layout. For a struct, and for a map, the items of a brace list are {name, value} pairs; for a
/// list or set they are its elements. A list of one element is `thrift::list{x}`: C++ takes `{x}`
/// for x itself in some places.
///
/// Going in, nothing is lost: integers are range-checked, from any integer type; integers become
/// doubles only where that is exact; a bool is no number, and a string is no number; enums go in by
/// name or number; nullptr and an empty optional leave a field unset.
///
/// Lifetime: a literal refers to what it was made from. It lives in the call that it is an argument
/// of, and is not kept.

#include <initializer_list>
#include <map>
#include <ranges>
#include <string_view>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/value/view.hpp>
#include <vector>

namespace thrift {

class Literal;

/// A list or set literal, however many elements it has.
struct list {  // NOLINT(readability-identifier-naming): reads as a literal
  list(std::initializer_list<Literal> elements) : items(elements) {}
  std::initializer_list<Literal> items;
};

/// Where one is inside of a value that is being built, for messages: a chain on the stack.
struct BuildPath {
  const BuildPath* parent = nullptr;
  std::string_view field{};  ///< A field's name; empty: an element or entry.
  std::size_t index = 0;
  std::size_t depth = 0;
  /// "users[3].age"; a map's entries are numbered like a list's elements.
  [[nodiscard]] THRIFTPP_API std::string text() const;
};

/// Writes one value into one cell, checked against its type. Cells start as zeroes and are whole
/// only when the writing ended without an exception (TypeError, or std::bad_alloc past the arena's
/// budget): build aside, then put in place. What literals, JSON and handlers' results go through.
class THRIFTPP_API CellWriter {
 public:
  /// `cell` is zeroed memory of `type.slot().cell_size` bytes; everything below it comes from
  /// `arena`.
  CellWriter(const Type& type, std::byte* cell, Arena& arena, const BuildPath& path) noexcept
      : type_(type), cell_(cell), arena_(arena), path_(path) {}

  [[nodiscard]] const Type& type() const noexcept { return type_; }
  [[nodiscard]] const BuildPath& path() const noexcept { return path_; }
  [[nodiscard]] Arena& arena() const noexcept { return arena_; }

  void boolean(bool value);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  void number(double value);
  /// Into string, binary, enum (by name), uuid (8-4-4-4-12 hexadecimal digits).
  void text(std::string_view value);
  void uuid(const Uuid& value);
  /// A deep copy. The types must be the same or agree in structure.
  void copy(ValueView value);
  /// A brace list.
  void items(std::initializer_list<Literal> items);
  /// TypeError: "expected `T`, got `what`".
  [[noreturn]] void reject(std::string_view what) const;
  /// TypeError with that text at this place.
  [[noreturn]] void fail(const std::string& problem) const;

  /// A list or set of `count` elements, then each by `element(i, ...)`. A set's duplicates are
  /// dropped by `end_set`.
  void begin_list(std::size_t count);
  template <class Write>  // void(CellWriter)
  void element(std::size_t i, Write write) {
    const BuildPath here = step({}, i);
    write(CellWriter(type_.as_container().element(), list_data() + i * type_.slot().entry_size,
                     arena_, here));
  }
  /// A map of at most `count` entries; of equal keys the last wins.
  void begin_map(std::size_t count);
  template <class WriteKey, class WriteValue>
  void entry(WriteKey write_key, WriteValue write_value) {
    std::byte* const at = new_entry();
    const BuildPath here = step({}, map_size());
    write_key(CellWriter(type_.as_container().key(), at, arena_, here));
    write_value(
        CellWriter(type_.as_container().element(), at + type_.slot().value_offset, arena_, here));
    end_entry();
  }
  /// The end of a list, set or map.
  void end_container();

  /// A struct: its fields one by one, in any order; of a field given twice the last counts.
  void begin_struct();
  template <class Write>
  void field(std::string_view name, Write write) {
    const Field& found = find_field(name);
    field(found, write);
  }
  template <class Write>
  void field(const Field& found, Write write) {
    const BuildPath here = step(found.name(), 0);
    std::byte* const cell = new_field_cell(found);
    write(CellWriter(found.type(), cell, arena_, here));
    put_field(found, cell);
  }
  /// Sets unset required fields that have an IDL default, and those of default requiredness too
  /// unless `set_defaults` is false; TypeError where a required field, or a union's member, is
  /// missing.
  void end_struct(bool set_defaults = true);

 private:
  [[nodiscard]] BuildPath step(std::string_view field, std::size_t index) const;
  [[nodiscard]] const Field& find_field(std::string_view name) const;
  [[nodiscard]] std::byte* list_data() const noexcept;
  [[nodiscard]] std::size_t map_size() const noexcept;
  [[nodiscard]] std::byte* new_entry();
  void end_entry();
  [[nodiscard]] std::byte* new_field_cell(const Field& field);
  void put_field(const Field& field, const std::byte* cell);

  const Type& type_;
  std::byte* cell_;
  Arena& arena_;
  const BuildPath& path_;
};

namespace detail {

template <class T>
concept StringLike =
    !std::same_as<T, std::nullptr_t> && std::convertible_to<const T&, std::string_view>;
template <class T>
concept HasView = requires(const T& t) {
  { t.view() } -> std::same_as<ValueView>;
};
template <class T>
concept MapRange = std::ranges::input_range<const T&> && requires { typename T::mapped_type; };
template <class T>
concept ByteRange = std::convertible_to<const T&, std::span<const std::byte>>;

/// Whether `value` says "unset".
template <class T>
bool is_null(const T& value) {
  if constexpr (std::same_as<T, std::nullptr_t>) {
    return true;
  } else if constexpr (IsOptional<T>::value) {
    return !value.has_value();
  } else {
    return false;
  }
}

template <class T>
void write(CellWriter& w, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    w.boolean(value);
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    w.reject("nothing");
  } else if constexpr (Integer<T>) {
    if constexpr (std::unsigned_integral<T>) {
      w.unsigned_integer(value);
    } else {
      w.integer(value);
    }
  } else if constexpr (std::is_enum_v<T> && !std::same_as<T, std::byte>) {
    w.integer(static_cast<std::int64_t>(value));
  } else if constexpr (std::floating_point<T>) {
    w.number(static_cast<double>(value));
  } else if constexpr (HasView<T>) {
    w.copy(value.view());
  } else if constexpr (StringLike<T>) {
    w.text(value);
  } else if constexpr (std::same_as<T, Uuid>) {
    w.uuid(value);
  } else if constexpr (ByteRange<T>) {
    const std::span<const std::byte> bytes = value;
    w.text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } else if constexpr (std::same_as<T, list>) {
    w.items(value.items);
  } else if constexpr (IsOptional<T>::value) {
    if (!value) w.reject("nothing");
    write(w, *value);
  } else if constexpr (MapRange<T>) {
    w.begin_map(std::ranges::size(value));
    for (const auto& [key, mapped] : value) {
      w.entry([&](CellWriter inner) { write(inner, key); },
              [&](CellWriter inner) { write(inner, mapped); });
    }
    w.end_container();
  } else {
    static_assert(std::ranges::sized_range<const T&>, "no value can be made from this C++ type");
    w.begin_list(std::ranges::size(value));
    std::size_t i = 0;
    for (const auto& element : value) {
      w.element(i++, [&](CellWriter inner) {
        write(inner, static_cast<std::ranges::range_value_t<T>>(element));
      });
    }
    w.end_container();
  }
}

/// What may be written into a value.
template <class T>
concept Writable = std::same_as<T, bool> || Integer<T> || std::floating_point<T> ||
                   std::is_enum_v<T> || HasView<T> || StringLike<T> || std::same_as<T, Uuid> ||
                   ByteRange<T> || std::same_as<T, std::nullptr_t> || std::same_as<T, list> ||
                   IsOptional<T>::value || std::ranges::sized_range<const T&>;
/// The same of what a function takes by reference: text in quotes is an array there.
template <class T>
concept WritableArgument = Writable<std::decay_t<T>>;

}  // namespace detail

class THRIFTPP_API Literal {
 public:
  /// Braces: pairs for a struct or map, elements for a list or set.
  Literal(std::initializer_list<Literal> items) : items_(items) {}
  /// Anything that detail::Writable names. Never a function of std::string: `{{"a", "b"}}` would
  /// then be a string made of two iterators.
  template <class T>
    requires(!std::same_as<T, Literal> && detail::Writable<std::decay_t<T>>)
  Literal(const T& value)  // NOLINT: implicit, that is what it is for
      : object_(&value),
        write_([](CellWriter& w, const void* object) {
          detail::write<ReadAs<T>>(w, *static_cast<const T*>(object));
        }),
        null_([](const void* object) { return detail::is_null(*static_cast<const T*>(object)); }) {
    if constexpr (detail::StringLike<std::decay_t<T>>) name_ = std::string_view(value);
  }

  [[nodiscard]] bool is_items() const noexcept { return write_ == nullptr; }
  [[nodiscard]] std::initializer_list<Literal> items() const noexcept { return items_; }
  /// The text of a string literal; what stands first in a struct's pairs.
  [[nodiscard]] std::optional<std::string_view> name() const noexcept { return name_; }
  [[nodiscard]] bool is_null() const { return null_ != nullptr && null_(object_); }
  void write(CellWriter& writer) const {
    if (is_items()) {
      writer.items(items_);
    } else {
      write_(writer, object_);
    }
  }

 private:
  // "text" is a char array: it is written as the string_view that it converts to.
  template <class T>
  using ReadAs = std::conditional_t<std::is_array_v<T>, std::string_view, T>;

  std::initializer_list<Literal> items_{};
  std::optional<std::string_view> name_;
  const void* object_ = nullptr;
  void (*write_)(CellWriter&, const void*) = nullptr;
  bool (*null_)(const void*) = nullptr;
};

/// `{"userId", "1"}`: an argument by name.
struct NamedLiteral {
  std::string_view name;
  Literal value;
};

}  // namespace thrift
