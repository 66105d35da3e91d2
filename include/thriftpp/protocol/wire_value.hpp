#pragma once

/// @file
/// `WireValue`: a value that still lies as bytes, of which only the parts that are asked for are
/// decoded.
///
///     const WireValue batch(ProtocolId::binary, bytes, idl.type("Batch"));
///     std::string_view name = batch.find("process.serviceName")->as<std::string_view>();
///
///     for (const WireField& field : batch.fields()) {          // in the order of the wire
///       if (field.field == nullptr) std::cout << "unknown field " << field.id << '\n';
///     }
///     for (const WireValue& span : batch.find("spans")->elements()) {
///       if (span.find("duration")->as<std::int64_t>() > limit) keep(span.decode());
///     }
///
/// Nothing is read before it is needed: making a WireValue looks at no byte; an iteration skips
/// each field, element or entry once; `find` stops at what it looks for. So errors come late, and
/// only for bytes that were looked at: ProtocolError, whose offset counts from the start of the
/// input. Limits are those of DecodeOptions.
///
/// *A bool of compact* that is the field of a struct has no bytes of its own: its header says it.
/// `bytes()` is empty then, and `in_header()` has the bool. `as<bool>()` gives it, also where the
/// schema does not know the field; `decode()` works as of any other value.
///
/// *What counts as there* is what decoding would take: a field that comes with another wire type
/// than the schema's is unknown; Strictness::element_type says what the elements of a container are
/// whose header differs from the schema. A number or string that Strictness leaves out (`skip`) is
/// there, since finding looks at no value, but reading it is a ProtocolError. Of a field that comes
/// twice, which no writer does, the *first* counts here, since finding out would mean reading to
/// the end; decoding takes the last. Of a map's key that comes twice the last entry counts, as
/// everywhere.
///
/// Binary and compact; another protocol is a ProtocolError (not_implemented).
///
/// Lifetime: looks at bytes and schema, which must outlive it; owns nothing.
/// Threads: const use is safe from several threads.

#include <iterator>
#include <optional>
#include <thriftpp/protocol/protocol.hpp>

namespace thrift {

class CompiledPath;
class WireElements;
class WireEntries;
class WireFields;

class THRIFTPP_API WireValue {
 public:
  /// The value of type void, of no bytes.
  WireValue() noexcept;
  /// The value of `type` that `bytes` are, or that they begin with.
  WireValue(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
            const DecodeOptions& options = {}) noexcept
      : protocol_(protocol), bytes_(bytes), type_(&type), options_(options) {}

  [[nodiscard]] ProtocolId protocol() const noexcept { return protocol_; }
  [[nodiscard]] const Type& type() const noexcept { return *type_; }
  /// The value's bytes, without a field's header.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  /// Where they start in the input.
  [[nodiscard]] std::size_t offset() const noexcept { return offset_; }
  /// A bool that has no bytes of its own, since its field's header says it.
  [[nodiscard]] std::optional<bool> in_header() const noexcept { return in_header_; }

  /// The value, decoded; its strings have been copied. ProtocolError where the bytes are wrong. Of
  /// an unknown field the value of type void, whatever its bytes.
  [[nodiscard]] Value decode() const;
  /// As above, in an arena; the view lives until that is reset.
  [[nodiscard]] ValueView decode(Arena& arena) const;
  /// The value as a C++ one, with the rules of ValueView::as. Numbers, bools, enums, uuids and
  /// strings are read where they lie: without memory, and a string_view views the input. What
  /// Strictness does not let decoding take is the same ProtocolError as of decode(): where
  /// unknown_enum, invalid_utf8 or varint_overflow is not `keep`, what may be that is decoded
  /// first.
  template <class T>
  [[nodiscard]] T as() const {
    if (const Type* const type = scalar_type()) {
      alignas(8) std::byte cell[16];
      read_scalar(cell);
      return ValueView(*type, cell).as<T>();
    }
    if constexpr (detail::IsView<T>::value) {
      refuse_view();
    } else {
      return decode().as<T>();
    }
  }

  /// The value at a path from here, or nothing where a field on it is not set, an index is past the
  /// end or a key is absent. TypeError where the path does not fit the type.
  [[nodiscard]] std::optional<WireValue> find(std::string_view path) const;
  /// As above; the path's root must be this value's type.
  [[nodiscard]] std::optional<WireValue> find(const CompiledPath& path) const;

  /// Of a struct, union or exception: its fields, known and unknown. TypeError of anything else.
  [[nodiscard]] WireFields fields() const;
  /// Of a list or set.
  [[nodiscard]] WireElements elements() const;
  /// Of a map.
  [[nodiscard]] WireEntries entries() const;
  /// Elements of a list or set, or entries of a map, as its header says.
  [[nodiscard]] std::size_t size() const;

 private:
  friend struct WireAccess;

  /// The type of a bool, number, enum, uuid or string; nullptr of anything else.
  [[nodiscard]] const Type* scalar_type() const noexcept;
  void read_scalar(std::byte* cell) const;
  void check_scalar() const;
  [[noreturn]] void refuse_view() const;

  ProtocolId protocol_ = ProtocolId::binary;
  std::optional<bool> in_header_;
  std::span<const std::byte> bytes_;
  std::size_t offset_ = 0;
  const Type* type_;
  DecodeOptions options_;  // max_depth: the levels that are left here
};

/// A field as it stands on the wire.
struct THRIFTPP_API WireField {
  std::int16_t id = 0;
  WireType wire_type = WireType::stop;
  /// nullptr where the schema has no field of that id and wire type.
  const Field* field = nullptr;
  /// Of the field's type; of an unknown one of type void, so that only its bytes tell.
  WireValue value;
  /// Header and value. (Compact: the header may say the id by how far it is from the one before.)
  std::span<const std::byte> bytes;
};

struct THRIFTPP_API WireEntry {
  WireValue key;
  WireValue value;
};

namespace detail {

/// Goes through bytes; what it stands at is ready in `current`. Copies are independent.
template <class Item>
class THRIFTPP_API WireIterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using value_type = Item;
  using difference_type = std::ptrdiff_t;

  /// At the first item of `parent`.
  explicit WireIterator(const WireValue& parent);
  [[nodiscard]] const Item& operator*() const noexcept { return current_; }
  [[nodiscard]] const Item* operator->() const noexcept { return &current_; }
  WireIterator& operator++() {
    next();
    return *this;
  }
  void operator++(int) { next(); }
  friend bool operator==(const WireIterator& i, std::default_sentinel_t) noexcept {
    return i.at_end_;
  }

 private:
  void next();

  WireValue parent_;
  std::size_t at_ = 0;     // in the parent's bytes
  std::size_t left_ = 0;   // elements or entries behind the current one
  std::size_t index_ = 0;  // of the next one
  std::int16_t last_id_ = 0;
  bool at_end_ = false;
  Item current_;
};

template <class Item>
class WireRange {
 public:
  explicit WireRange(const WireValue& parent) : parent_(parent) {}
  [[nodiscard]] WireIterator<Item> begin() const { return WireIterator<Item>(parent_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  WireValue parent_;
};

}  // namespace detail

/// `for (const WireField& field : value.fields())`
class WireFields : public detail::WireRange<WireField> {
  using WireRange::WireRange;
};
/// `for (const WireValue& element : value.elements())`
class WireElements : public detail::WireRange<WireValue> {
  using WireRange::WireRange;
};
/// `for (const WireEntry& [key, value] : value.entries())`
class WireEntries : public detail::WireRange<WireEntry> {
  using WireRange::WireRange;
};

}  // namespace thrift
