#pragma once

/// @file
/// Values: one layout, three handles.
///
///     Value      owns: an arena, a type, a cell in the arena        copies are deep, moves cheap
///     ValueRef   a place in a Value that can be written             three words, owns nothing
///     ValueView  looks at a value, wherever it lies                 two words, owns nothing
///
///     Value ann = idl.make("User", {{"id", "1"}, {"name", "Ann"}, {"tags", {"a", "b"}}});
///     ann["age"] = 30;                                     // checked against the IDL, here
///     ann["tags"].append("c");
///     std::string_view name = ann["name"].as<std::string_view>();    // a view into ann
///     for (ValueView tag : ann["tags"].view().as_list()) std::cout << tag << '\n';
///
/// What lies in memory is told in schema/layout.hpp; codec, comparison, printing and these handles
/// all work on that, and never convert between two forms.
///
/// *Temporaries.* On an lvalue, `[]`, `as_list` and the like give refs and views. On an rvalue they
/// give an owning Value or range, which takes the arena over without copying: so
/// `for (ValueView u : client.call("getAllUsers").as_list())` and `make(...)["name"]` are safe.
/// What would dangle (`as<std::string_view>()` of a temporary) does not compile.
///
/// *Presence.* A field is set or not, whatever its requiredness. Reading an unset field gives its
/// IDL default, else zero, empty, or the default record; `find` gives nothing; `has` tells. Setting
/// a member of a union clears the other.
///
/// *Schemas.* Every Value keeps its schema alive. Values may be assigned across schemas where their
/// types agree in structure (same_structure); otherwise TypeError names the first difference.
///
/// Depth: building, copying, comparing, hashing and printing stop with a TypeError at 64 levels of
/// nesting (max_value_depth).
///
/// Threads: const use is safe from several threads; everything else belongs to one.

#include <memory>
#include <thriftpp/schema/schema.hpp>
#include <thriftpp/value/ref.hpp>

namespace thrift {

class OwnedList;
class OwnedMap;

class THRIFTPP_API Value {
 public:
  /// The value of type void.
  Value() noexcept;
  /// The zero value: 0, empty, a struct with no field set. Required fields are checked when it is
  /// written.
  explicit Value(const Type& type);
  /// As Value(type), then assigned from the literal: TypeError where it does not fit, or where a
  /// required field is missing.
  Value(const Type& type, const Literal& literal);
  /// A deep copy.
  explicit Value(ValueView view);
  explicit Value(const ValueRef& ref) : Value(ref.view()) {}
  Value(const Value& other) : Value(other.view()) {}
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  /// Takes over an arena in which `cell` is a value of `type`: how decoding makes a Value.
  static Value adopt(std::unique_ptr<Arena> arena, const Type& type, std::byte* cell);

  [[nodiscard]] const Type& type() const noexcept { return *type_; }
  [[nodiscard]] bool is_void() const noexcept { return type_->is_void(); }
  [[nodiscard]] ValueView view() const& noexcept { return {*type_, cell_}; }
  [[nodiscard]] ValueRef ref() & noexcept;
  operator ValueView() const& noexcept { return view(); }  // NOLINT: reading is always safe
  ValueView view() && = delete;      // a view of a temporary: keep the Value first
  operator ValueView() && = delete;  // NOLINT: functions that take views take a Value too

  // --- reading: as ValueView ---------------------------------------------------------------------

  template <class T>
  [[nodiscard]] T as() const& {
    return view().as<T>();
  }
  /// Of a temporary: only what does not look into it.
  template <class T>
    requires(!detail::IsView<T>::value)
  [[nodiscard]] T as() && {
    return view().as<T>();
  }
  template <class T>
    requires(detail::IsView<T>::value)
  T as() && = delete;  // a view into a temporary: keep the Value first
  template <class T>
  [[nodiscard]] Result<T> try_as() const& {
    return view().try_as<T>();
  }
  template <class T>
  [[nodiscard]] std::span<const T> as_span() const& {
    return view().as_span<T>();
  }
  template <class T>
  std::span<const T> as_span() && = delete;  // a view into a temporary: keep the Value first

  [[nodiscard]] bool has(std::string_view field) const { return view().has(field); }
  [[nodiscard]] bool has(const Field& field) const { return view().has(field); }
  [[nodiscard]] const Field* member() const { return view().member(); }
  [[nodiscard]] std::size_t size() const { return view().size(); }
  [[nodiscard]] bool empty() const { return view().empty(); }
  [[nodiscard]] std::size_t hash() const { return view().hash(); }
  [[nodiscard]] FieldRange fields() const& { return view().fields(); }
  FieldRange fields() && = delete;  // a view into a temporary: keep the Value first

  template <class Key>
  [[nodiscard]] std::optional<ValueView> find(const Key& key) const& {
    return view().find(key);
  }
  template <class Key>
  [[nodiscard]] std::optional<Value> find(const Key& key) &&;

  /// The value below, for a key or index as ValueView's. From a temporary it takes the arena over.
  template <class Key>
  [[nodiscard]] ValueView operator[](const Key& key) const& {
    return view()[key];
  }
  template <class Key>
  [[nodiscard]] ValueRef operator[](const Key& key) & {
    return ref()[key];
  }
  template <class Key>
  [[nodiscard]] Value operator[](const Key& key) && {
    return std::move(*this).release(view()[key]);
  }
  [[nodiscard]] ValueView path(std::string_view path) const& { return view().path(path); }
  [[nodiscard]] ValueRef path(std::string_view path) & { return ref().path(path); }
  [[nodiscard]] Value path(std::string_view path) && {
    return std::move(*this).release(view().path(path));
  }

  [[nodiscard]] ListView as_list() const& { return view().as_list(); }
  [[nodiscard]] OwnedList as_list() &&;
  [[nodiscard]] MapView as_map() const& { return view().as_map(); }
  [[nodiscard]] OwnedMap as_map() &&;

  friend bool operator==(const Value& a, const Value& b) { return a.view() == b.view(); }
  friend bool operator==(const Value& a, ValueView b) { return a.view() == b; }
  friend bool operator==(const Value& a, const ValueRef& b) { return a.view() == b.view(); }
  friend std::ostream& operator<<(std::ostream& out, const Value& v) { return out << v.view(); }

  // --- writing: as ValueRef ----------------------------------------------------------------------

  /// Assigns to the whole, keeping the type. (`v = other` of two Values takes its type too.)
  template <class T>
    requires(detail::Writable<std::decay_t<T>> && !std::same_as<std::decay_t<T>, Value>)
  Value& operator=(const T& value) & {
    ref() = value;
    return *this;
  }
  void assign(const Literal& value) & { ref() = value; }
  void unset(std::string_view field) & { ref().unset(field); }
  ValueRef append() & { return ref().append(); }
  ValueRef append(const Literal& value) & { return ref().append(value); }
  ValueRef insert(const Literal& element) & { return ref().insert(element); }
  ValueRef insert(const Literal& key, const Literal& value) & { return ref().insert(key, value); }
  bool erase(const Literal& key) & { return ref().erase(key); }
  void clear() & { ref().clear(); }

  /// Gives back what overwritten and removed values still take: a deep copy into a new arena.
  void compact() & { *this = Value(view()); }
  /// Bytes taken from the system.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  friend class OwnedList;
  friend class OwnedMap;
  struct Body;
  Value(std::unique_ptr<Body> body, const Type& type, std::byte* cell) noexcept;
  /// This Value's memory with another root, `below`; a copy where that lies in the schema.
  [[nodiscard]] Value release(ValueView below) &&;

  std::unique_ptr<Body> body_;
  const Type* type_ = &base_type(TypeKind::void_);
  std::byte* cell_ = nullptr;
};

template <class Key>
std::optional<Value> Value::find(const Key& key) && {
  const std::optional<ValueView> found = view().find(key);
  if (!found) return std::nullopt;
  return std::move(*this).release(*found);
}

/// The elements of a list that this range owns: what `as_list()` of a temporary gives.
class OwnedList {
 public:
  explicit OwnedList(Value&& list) : list_(std::move(list)), view_(list_.view().as_list()) {}
  [[nodiscard]] ListView::iterator begin() const& noexcept { return view_.begin(); }
  [[nodiscard]] ListView::iterator end() const& noexcept { return view_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }
  [[nodiscard]] bool empty() const noexcept { return view_.empty(); }
  [[nodiscard]] ValueView operator[](std::size_t i) const& noexcept { return view_[i]; }
  [[nodiscard]] Value operator[](std::size_t i) && { return std::move(list_).release(view_[i]); }

 private:
  Value list_;
  ListView view_;
};

/// The entries of a map that this range owns: what `as_map()` of a temporary gives.
class OwnedMap {
 public:
  explicit OwnedMap(Value&& map) : map_(std::move(map)), view_(map_.view().as_map()) {}
  [[nodiscard]] MapView::iterator begin() const& noexcept { return view_.begin(); }
  [[nodiscard]] MapView::iterator end() const& noexcept { return view_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }
  [[nodiscard]] bool empty() const noexcept { return view_.empty(); }

 private:
  Value map_;
  MapView view_;
};

inline OwnedList Value::as_list() && {
  return OwnedList(std::move(*this));
}
inline OwnedMap Value::as_map() && {
  return OwnedMap(std::move(*this));
}

}  // namespace thrift

template <>
struct std::hash<thrift::Value> {
  std::size_t operator()(const thrift::Value& v) const { return v.hash(); }
};
