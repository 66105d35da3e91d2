#pragma once

/// @file
/// `ValueView`: looks at a value of any type, wherever it lies: in a Value, in an arena that a
/// server reuses, in a schema (constants, defaults). The essay on values is in value.hpp.
///
/// A view is two words, is copied freely and owns nothing: it dies with what it looks at.
/// Threads: const use of one value from several threads is safe.

#include <concepts>
#include <cstddef>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/result.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/program.hpp>

namespace thrift {

class FieldRange;
class ListView;
class MapView;
class ValueRef;

/// Levels of structs and containers that a value may have.
inline constexpr std::size_t max_value_depth = 64;

/// An integer as an index or a key: every built-in integer type but bool and the character types.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
                  !std::same_as<T, char32_t> && !std::same_as<T, wchar_t>;

class THRIFTPP_API ValueView {
 public:
  /// The value of type void.
  ValueView() noexcept : ValueView(base_type(TypeKind::void_), nullptr) {}
  /// The value in `cell`, which is laid out as layout.hpp says for `type`.
  ValueView(const Type& type, const void* cell) noexcept
      : type_(&type), cell_(static_cast<const std::byte*>(cell)) {}
  explicit ValueView(const Constant& constant) noexcept
      : ValueView(constant.type(), constant.slot()) {}
  /// What the field reads as while it is not set.
  explicit ValueView(const Field& field) noexcept : ValueView(field.type(), field.default_slot()) {}

  [[nodiscard]] const Type& type() const noexcept { return *type_; }
  [[nodiscard]] const std::byte* cell() const noexcept { return cell_; }
  [[nodiscard]] ValueView view() const noexcept { return *this; }

  /// A C++ value, explicitly. Numbers widen (`as<std::int64_t>()` of an i32) and never narrow;
  /// anything else is a TypeError. T is one of
  ///
  ///     bool                                   of bool
  ///     signed integers, double                of integers and enums that T holds exactly;
  ///                                            double of double and of i8 to i32
  ///     a C++ enum                             of enums and i32
  ///     std::string_view, std::string          of string and binary (the bytes), of enums (the
  ///                                            name; TypeError for a number without one)
  ///     std::span<const std::byte>             of string and binary
  ///     thrift::Uuid                           of uuid
  ///     std::span<const E>                     of list<E> with E an i8 to i64 or double: no copy
  ///     std::vector<T>, std::set<T>, ...         of list and set
  ///     std::map<K, V>, std::unordered_map     of map
  ///     std::optional<T>                       of anything as T
  ///     ValueView, Value                       of anything; Value copies
  template <class T>
  [[nodiscard]] T as() const;
  /// As `as`, without throwing.
  template <class T>
  [[nodiscard]] Result<T> try_as() const;

  // --- structs, unions, exceptions ---------------------------------------------------------------

  /// Whether the field is set. Throws TypeError where there is no such field.
  [[nodiscard]] bool has(std::string_view field) const;
  /// struct: the field; an unset one reads as its IDL default, else as zero, empty, or the default
  /// record. map with string (or enum) keys: the entry's value, TypeError where there is none.
  [[nodiscard]] ValueView operator[](std::string_view name) const;
  [[nodiscard]] ValueView operator[](const char* name) const {
    return (*this)[std::string_view(name)];
  }
  [[nodiscard]] ValueView operator[](const Field& field) const noexcept;
  [[nodiscard]] bool has(const Field& field) const noexcept;
  /// The set fields, in the order of the IDL: `for (auto [field, value] : v.fields())`.
  [[nodiscard]] FieldRange fields() const;
  /// The member that a union has, or nullptr.
  [[nodiscard]] const Field* member() const;
  /// The first of the fields that the IDL does not have (the others by its `next`), where they were
  /// kept; nullptr otherwise.
  [[nodiscard]] const UnknownField* unknown_fields() const noexcept;

  // --- lists, sets, maps -------------------------------------------------------------------------

  /// Elements of a list or set, entries of a map, set fields of a struct, bytes of a string.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// list, set: the element at that position. map with integer (or enum) keys: the entry's value.
  /// TypeError where there is none.
  template <Integer I>
  [[nodiscard]] ValueView operator[](I index) const {
    return at_index(to_index(index));
  }
  /// Elements of a list or set: `for (ValueView e : v.as_list())`.
  [[nodiscard]] ListView as_list() const;
  /// Entries of a map: `for (auto [key, value] : v.as_map())`.
  [[nodiscard]] MapView as_map() const;
  /// The numbers of a list<i8 ... i64, double>, where they lie.
  template <class T>
  [[nodiscard]] std::span<const T> as_span() const {
    return as<std::span<const T>>();
  }

  /// As `[]`, but nothing where the field is unset, the key or the index absent. Never builds an
  /// index: maps and sets of up to 16 entries are scanned, as are those that nobody indexed.
  [[nodiscard]] std::optional<ValueView> find(std::string_view name) const;
  [[nodiscard]] std::optional<ValueView> find(const char* name) const {
    return find(std::string_view(name));
  }
  template <Integer I>
  [[nodiscard]] std::optional<ValueView> find(I index) const {
    return find_index(to_index(index));
  }
  /// A map's value under a key of any type; a set's element.
  [[nodiscard]] std::optional<ValueView> find(ValueView key) const;

  /// The value at a path from here: `users[3].tags{"x"}.name`; see path.hpp.
  [[nodiscard]] ValueView path(std::string_view path) const;

  // --- whole values ------------------------------------------------------------------------------

  /// Deep. Sets and maps without order; NaN equals NaN, -0.0 equals 0.0; set fields only, so an
  /// unset field differs from one that is set to its default. Types must be the same or agree in
  /// structure (same_structure), else the values differ.
  [[nodiscard]] friend bool operator==(const ValueView& a, const ValueView& b) {
    return equal(a, b);
  }
  /// Equal values have equal hashes.
  [[nodiscard]] std::size_t hash() const;
  /// Readable JSON (text.hpp).
  friend THRIFTPP_API std::ostream& operator<<(std::ostream& out, ValueView value);

 private:
  static THRIFTPP_API bool equal(ValueView a, ValueView b);
  // An index or key as the widest integer; unsigned ones beyond it are no valid index either way.
  template <Integer I>
  static std::int64_t to_index(I i) noexcept {
    if constexpr (std::unsigned_integral<I> && sizeof(I) == 8) {
      return i > std::uint64_t{INT64_MAX} ? INT64_MAX : static_cast<std::int64_t>(i);
    } else {
      return static_cast<std::int64_t>(i);
    }
  }
  [[nodiscard]] ValueView at_index(std::int64_t index) const;
  [[nodiscard]] std::optional<ValueView> find_index(std::int64_t index) const;

  const Type* type_;
  const std::byte* cell_;
};

/// The elements of a list or set, in order. A view: dies with the list.
class ListView {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;
    using value_type = ValueView;
    using difference_type = std::ptrdiff_t;
    iterator() noexcept = default;
    iterator(const Type& type, const std::byte* at, std::size_t stride) noexcept
        : type_(&type), at_(at), stride_(stride) {}
    ValueView operator*() const noexcept { return {*type_, at_}; }
    iterator& operator++() noexcept {
      at_ += stride_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    const Type* type_ = nullptr;
    const std::byte* at_ = nullptr;
    std::size_t stride_ = 0;
  };

  ListView(const Type& element, const ListSlot& slot, std::size_t stride) noexcept
      : element_(&element), data_(slot.data), size_(slot.size), stride_(stride) {}

  [[nodiscard]] iterator begin() const noexcept { return {*element_, data_, stride_}; }
  [[nodiscard]] iterator end() const noexcept {
    return {*element_, data_ + size_ * stride_, stride_};
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Position `i` < size(), which is not checked.
  [[nodiscard]] ValueView operator[](std::size_t i) const noexcept {
    return {*element_, data_ + i * stride_};
  }
  [[nodiscard]] const Type& element_type() const noexcept { return *element_; }

 private:
  const Type* element_;
  const std::byte* data_;
  std::size_t size_;
  std::size_t stride_;
};

struct MapEntryView {
  ValueView key;
  ValueView value;
};

/// The entries of a map, in the order in which they were written. A view: dies with the map.
class MapView {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = MapEntryView;
    using difference_type = std::ptrdiff_t;
    iterator() noexcept = default;
    iterator(const Type& map, const std::byte* at) noexcept : map_(&map), at_(at) {}
    MapEntryView operator*() const noexcept {
      const ContainerType& map = map_->as_container();
      return {{map.key(), at_}, {map.element(), at_ + map.slot().value_offset}};
    }
    iterator& operator++() noexcept {
      at_ += map_->slot().entry_size;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    const Type* map_ = nullptr;
    const std::byte* at_ = nullptr;
  };

  MapView(const Type& map, const ListSlot& slot) noexcept
      : map_(&map), data_(slot.data), size_(slot.size) {}

  [[nodiscard]] iterator begin() const noexcept { return {*map_, data_}; }
  [[nodiscard]] iterator end() const noexcept {
    return {*map_, data_ + size_ * map_->slot().entry_size};
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
  const Type* map_;
  const std::byte* data_;
  std::size_t size_;
};

struct FieldView {
  const Field& field;
  ValueView value;
};

/// The set fields of a struct, in the order of the IDL. A view: dies with the struct.
class FieldRange {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = FieldView;
    using difference_type = std::ptrdiff_t;
    iterator() noexcept = default;
    iterator(ValueView record, std::size_t index) noexcept : record_(record), index_(index) {
      skip_unset();
    }
    FieldView operator*() const noexcept {
      const Field& field = record_.type().as_struct().fields()[index_];
      return {field, record_[field]};
    }
    iterator& operator++() noexcept {
      ++index_;
      skip_unset();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.index_ == b.index_;
    }

   private:
    void skip_unset() noexcept {
      const std::span<const Field> all = record_.type().as_struct().fields();
      while (index_ < all.size() && !record_.has(all[index_])) ++index_;
    }
    ValueView record_;
    std::size_t index_ = 0;
  };

  explicit FieldRange(ValueView record) noexcept : record_(record) {}
  [[nodiscard]] iterator begin() const noexcept { return {record_, 0}; }
  [[nodiscard]] iterator end() const noexcept {
    return {record_, record_.type().as_struct().fields().size()};
  }

 private:
  ValueView record_;
};

inline bool ValueView::has(const Field& field) const noexcept {
  return test_bit(cell_, field.layout().bit);
}

inline ValueView ValueView::operator[](const Field& field) const noexcept {
  if (!has(field)) return {field.type(), field.default_slot()};
  const std::byte* at = cell_ + field.layout().offset;
  if (field.layout().op == SlotOp::record) std::memcpy(&at, at, sizeof(void*));
  return {field.type(), at};
}

}  // namespace thrift

template <>
struct std::hash<thrift::ValueView> {
  std::size_t operator()(thrift::ValueView v) const { return v.hash(); }
};

#include <thriftpp/value/convert.hpp>  // IWYU pragma: export
