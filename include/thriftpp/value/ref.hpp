#pragma once

/// @file
/// `ValueRef`: a place in a Value that can be read and written. The essay on values is in
/// value.hpp.
///
/// `ref["x"]` of a field that is not set is a *pending* place: it reads as the field's default, and
/// comes to be, with all that leads to it, only when something is written. So
/// `v["address"]["city"] = "Ulm"` creates the address, and `v["address"]["city"].as<...>()` does
/// not.
///
/// Lifetime: a ref is three words, owns nothing and dies with its Value; one into a list or map
/// dies when that grows, shrinks or is replaced (debug builds overwrite the old memory,
/// AddressSanitizer finds the use). Pending places and overwritten values take memory of the Value
/// until it is copied or compacted.
/// Threads: a Value and its refs belong to one thread while anything is written.

#include <thriftpp/value/literal.hpp>

namespace thrift {

class ListRef;

namespace detail {

/// What the third word of a ref points at: the Value's arena, and for a pending place how to get
/// there.
struct RefContext {
  Arena* arena;
};

/// A place that may not exist yet: a field, element or entry of another.
struct PendingPlace;

struct RefParts {
  const Type* type;
  std::byte* cell;  // nullptr: pending, `context` is a PendingPlace
  RefContext* context;
};

/// Memory for a value that is built aside: a small cell on the stack, or one in the arena.
class THRIFTPP_API NewCell {
 public:
  NewCell(const Type& type, Arena& arena);
  NewCell(const NewCell&) = delete;
  NewCell& operator=(const NewCell&) = delete;
  ~NewCell() = default;
  [[nodiscard]] std::byte* data() noexcept { return data_; }

 private:
  alignas(16) std::byte small_[32];
  std::byte* data_;
};

}  // namespace detail

class THRIFTPP_API ValueRef {
 public:
  explicit ValueRef(detail::RefParts parts) noexcept : parts_(parts) {}
  ValueRef(const ValueRef&) noexcept = default;  ///< Another handle to the same place.
  ~ValueRef() = default;

  [[nodiscard]] const Type& type() const noexcept { return *parts_.type; }
  /// What stands there now.
  [[nodiscard]] ValueView view() const noexcept;
  operator ValueView() const noexcept { return view(); }  // NOLINT: reading is always safe

  // --- reading: as ValueView ---------------------------------------------------------------------

  template <class T>
  [[nodiscard]] T as() const {
    return view().as<T>();
  }
  template <class T>
  [[nodiscard]] Result<T> try_as() const {
    return view().try_as<T>();
  }
  [[nodiscard]] bool has(std::string_view field) const { return view().has(field); }
  [[nodiscard]] bool has(const Field& field) const { return view().has(field); }
  [[nodiscard]] const Field* member() const { return view().member(); }
  [[nodiscard]] FieldRange fields() const { return view().fields(); }
  [[nodiscard]] std::size_t size() const { return view().size(); }
  [[nodiscard]] bool empty() const { return view().empty(); }
  [[nodiscard]] MapView as_map() const { return view().as_map(); }
  [[nodiscard]] std::size_t hash() const { return view().hash(); }
  template <class Key>
  [[nodiscard]] std::optional<ValueView> find(const Key& key) const {
    return view().find(key);
  }
  friend bool operator==(const ValueRef& a, const ValueView& b) { return a.view() == b; }
  friend std::ostream& operator<<(std::ostream& out, const ValueRef& v) { return out << v.view(); }

  // --- places below ------------------------------------------------------------------------------

  /// struct: the field, set or not. map with string (or enum) keys: the entry's value; TypeError
  /// where there is none (`insert` makes one).
  [[nodiscard]] ValueRef operator[](std::string_view name) const;
  [[nodiscard]] ValueRef operator[](const char* name) const {
    return (*this)[std::string_view(name)];
  }
  [[nodiscard]] ValueRef operator[](const Field& field) const;
  /// list, set: the element. map with integer (or enum) keys: the entry's value.
  template <Integer I>
  [[nodiscard]] ValueRef operator[](I index) const {
    return at_index(static_cast<std::int64_t>(index));
  }
  /// The element, or the value of the entry, at that position (< size(), checked).
  [[nodiscard]] ValueRef child_at(std::size_t position) const;
  /// The place at a path from here (path.hpp). Fields on the way may be unset; entries and
  /// elements must exist.
  [[nodiscard]] ValueRef path(std::string_view path) const;
  /// The elements of a list: `for (ValueRef e : v.as_list()) e["n"] = 0`. Those of a set must not
  /// be changed, which would break it: read them through `view().as_list()`.
  [[nodiscard]] ListRef as_list() const;
  /// The numbers of a list<i8 ... i64, double> where they lie, to be changed there. An unset list
  /// is set (to its default) by this.
  template <class T>
  [[nodiscard]] std::span<T> as_span() const {
    static_assert(detail::number_op<T>() != SlotOp::void_, "spans are of i8 to i64, or double");
    const ListSlot& slot = numbers(detail::number_op<T>());
    return {reinterpret_cast<T*>(slot.data), slot.size};
  }

  // --- writing -----------------------------------------------------------------------------------
  // All of it is checked first and changes nothing where it throws (TypeError with the path from
  // this place; std::bad_alloc past the arena's budget).

  /// Deep assignment: the value becomes a copy of `value`, whatever it was.
  template <class T>
    requires(detail::Writable<std::decay_t<T>> && !std::same_as<std::decay_t<T>, ValueRef>)
  const ValueRef& operator=(const T& value) const {
    assign(Literal(value));
    return *this;
  }
  const ValueRef& operator=(const Literal& value) const {
    assign(value);
    return *this;
  }
  /// Assigns the value, it does not rebind the handle (as with std::vector<bool>'s references).
  const ValueRef& operator=(const ValueRef& value) const {  // NOLINT
    assign(Literal(value));
    return *this;
  }
  ValueRef& operator=(const ValueRef& value) {  // NOLINT(bugprone-unhandled-self-assignment)
    assign(Literal(value));
    return *this;
  }

  /// The field is not set any more.
  void unset(std::string_view field) const;
  void unset(const Field& field) const;

  /// A new last element of a list, at its zero value, or as given. O(1) amortised.
  ValueRef append() const;
  ValueRef append(const Literal& value) const;
  /// A set's element. Returns the one that is in the set: the equal one that was there, perhaps.
  ValueRef insert(const Literal& element) const;
  /// The value of that key in a map, made at its zero value where there was none.
  ValueRef insert_key(const Literal& key) const;
  /// A map's entry, new or overwritten; returns the value's place.
  ValueRef insert(const Literal& key, const Literal& value) const;
  /// Removes a list's element or a set's or map's entry; false where there is none. O(n).
  bool erase_at(std::size_t position) const;
  bool erase(const Literal& key) const;
  /// Empties a list, set or map; unsets all fields of a struct.
  void clear() const;
  /// A list of that many elements: the rest is dropped, new ones are zero.
  void resize(std::size_t size) const;
  void reserve(std::size_t capacity) const;
  /// Builds the index of a set or map now, so that `find` is O(1) in large ones. Entries whose key
  /// comes again later (decoding keeps them) are dropped.
  void index() const;

 private:
  friend class Value;
  [[nodiscard]] Arena& arena() const noexcept { return *parts_.context->arena; }
  /// The cell where the place exists, else nullptr.
  [[nodiscard]] std::byte* existing() const noexcept;
  /// The cell, made first where the place is pending.
  [[nodiscard]] std::byte* materialise() const;
  void assign(const Literal& value) const;
  void place(const std::byte* built) const;
  [[nodiscard]] ValueRef below(const Type& type, std::byte* cell) const noexcept;
  [[nodiscard]] ValueRef at_index(std::int64_t index) const;

  [[nodiscard]] const ListSlot& numbers(SlotOp op) const;
  void require(TypeKind kind, std::string_view doing) const;
  void require_container(std::string_view doing) const;

  detail::RefParts parts_;
};

/// The elements of a list, to be changed in place. Dies when the list grows.
class ListRef {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = ValueRef;
    using difference_type = std::ptrdiff_t;
    iterator(const ValueRef& list, std::size_t at) noexcept : list_(&list), at_(at) {}
    ValueRef operator*() const { return (*list_)[at_]; }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    iterator operator++(int) noexcept { return {*list_, at_++}; }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    const ValueRef* list_;
    std::size_t at_;
  };

  explicit ListRef(const ValueRef& list) : list_(list) {}
  [[nodiscard]] iterator begin() const noexcept { return {list_, 0}; }
  [[nodiscard]] iterator end() const { return {list_, list_.size()}; }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  template <Integer I>
  [[nodiscard]] ValueRef operator[](I index) const {
    return list_[index];
  }

 private:
  ValueRef list_;
};

}  // namespace thrift
