#pragma once

/// @file
/// How values lie in memory: the one representation that codec, comparison, printing and user code
/// share. It is computed once per type when a schema is built.
///
/// *Cells.* A value of type T is reached through the address of its cell:
///
///     bool i8                  1 byte (bool: 0 or 1)
///     i16                      2
///     i32 enum                 4
///     i64 double               8
///     uuid                     16 bytes, as on the wire
///     string binary            StringSlot {data, size}
///     list                     ListSlot   {data, size, capacity}
///     set map                  HashedSlot: a ListSlot, and its index
///     struct union exception   the record itself
///
/// *Records.* A record starts with presence words (64-bit), one bit a field, by rising id, so that
/// going through the bits that are set gives the fields in the order in which they are written; a
/// mask per word tells whether all required ones are there. Then come the fields, by falling
/// alignment, at fixed offsets. In a record a nested struct is a *pointer* to its record (8 bytes);
/// as an element of a container it lies there itself. All members of a union share one offset, and
/// at most one of their bits is set.
///
///     struct User { 1: required string id  2: optional i32 age  3: optional User boss }
///     +------------+-----------------+----------+---------+------------+
///     | presence   | id {data, size} | boss  *--+-> User  | age | pad  |   32 bytes + tail
///     +------------+-----------------+----------+---------+------------+
///       bit 0 = id, 1 = age, 2 = boss, 3 = "the tail holds unknown fields"
///
/// A field whose bit is not set has no defined bytes (decoding writes the presence words only):
/// it reads as the same field of the type's shared, immutable *default record*.
///
/// *Containers.* A list or set is contiguous cells (`list<i32>` is an int32_t array, a list of
/// structs is records by stride); a map is contiguous {key, value} entries, in the order written.
///
/// Two kinds of tables describe this: the hot ones here, which the codec's loops read, and the cold
/// reflection data in Type, Field and their like. Threads: immutable, safe from several threads.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <thriftpp/schema/type.hpp>

namespace thrift {

/// What the loops over values switch on: TypeKind without distinctions that memory and wire do not
/// make.
enum class SlotOp : std::uint8_t {
  void_,
  bool_,
  i8,
  i16,
  i32,  ///< enums too
  i64,
  double_,
  string,  ///< binary too
  uuid,
  record,
  list,
  set,
  map,
};

struct StringSlot {
  const char* data;
  std::size_t size;
  [[nodiscard]] std::string_view view() const noexcept { return {data, size}; }
};

struct ListSlot {
  std::byte* data;
  std::uint32_t size;      ///< Elements, or entries of a map.
  std::uint32_t capacity;  ///< 0 where `data` is shared (a default) and must be copied to write.
};

struct HashIndex;  // value layer: hash -> positions

/// Sets and maps. `index` is nullptr until somebody asks for it.
struct HashedSlot : ListSlot {
  HashIndex* index;
};

using Uuid = std::array<std::uint8_t, 16>;

static_assert(sizeof(StringSlot) == 16 && sizeof(ListSlot) == 16 && sizeof(HashedSlot) == 24 &&
              sizeof(Uuid) == 16);

struct StructLayout;

/// How cells of one type lie in memory and on the wire. One per canonical Type.
struct SlotLayout {
  SlotOp op = SlotOp::void_;
  WireType wire = WireType::void_;
  std::uint8_t field_align = 1;    ///< In a record.
  std::uint8_t min_wire_size = 0;  ///< No protocol writes an element of this type in fewer bytes.
  std::uint32_t field_size = 0;    ///< In a record (a nested struct: 8, a pointer).
  std::uint32_t cell_size = 0;     ///< As an element or a root; the stride of a list.
  std::uint32_t cell_align = 1;
  const StructLayout* record = nullptr;  ///< Of a record.
  const SlotLayout* key = nullptr;       ///< Of a map: its keys.
  const SlotLayout* element = nullptr;   ///< Of list and set: elements; of a map: values.
  std::uint32_t value_offset = 0;        ///< Of a map: the value's place in an entry.
  std::uint32_t entry_size = 0;          ///< Bytes per element of a list or set, or entry of a map.
  const Type* type = nullptr;
};

/// Where one field lies. Kept small: a codec reads one per field.
struct FieldLayout {
  std::uint32_t offset;  ///< From the start of the record.
  std::uint16_t bit;     ///< Its presence bit, which is its position in StructLayout::fields.
  std::int16_t id;
  std::uint16_t index;  ///< Position in StructType::fields().
  WireType wire;
  SlotOp op;
  /// The field's header in binary, as a number whose lowest byte comes first: wire type, high byte
  /// of the id, low byte. The highest byte is 0.
  std::uint32_t binary_header;
  const SlotLayout* slot;
};
static_assert(sizeof(FieldLayout) == 24);

/// A field that the IDL does not have, kept from decoding. They hang at the record's tail pointer,
/// in the order in which they came. The header is taken apart, so that the field can be written at
/// its place by id, and after any other (what compact writes for a header depends on that).
struct UnknownField {
  const UnknownField* next;
  const std::byte* value;  ///< The bytes behind the header, as they came.
  std::uint32_t size;      ///< Of the value.
  std::int16_t id;
  std::uint8_t type;      ///< As the protocol numbers it; of a bool in compact that is its value.
  std::uint8_t protocol;  ///< The ProtocolId whose bytes they are.
};
static_assert(sizeof(UnknownField) == 24);

/// What a decoder reads per field, by id. The size matters: compact's field header has in its high
/// half how far the id is from the one before, which times 16 is how far the entries are apart.
struct HotField {
  std::uint32_t offset;  ///< As in FieldLayout.
  std::uint16_t bit;     ///< As in FieldLayout.
  /// `void_` where the decoder has to look closer: there is no such field (`slot` is nullptr then),
  /// or its record has more than one presence word.
  SlotOp op;
  const SlotLayout* slot;
};
static_assert(sizeof(HotField) == 16);

/// A field's name as the JSON codec writes it: in quotes, escaped, with a colon behind it. The text
/// may be read by whole blocks of sixteen bytes.
struct JsonName {
  const char* text;    ///< `"name":`
  std::uint32_t size;  ///< Without what fills the last block.
  TypeKind kind;       ///< Of the field's type: JSON tells enums from i32, and binary from string.
  bool has_default;    ///< The IDL gives one.
};

struct StructLayout {
  // What decoding needs for every record comes first, in one line of the cache.
  const HotField* table;      ///< Of the id first_id, and of all up to those that are too sparse.
  const HotField* table_end;  ///< Behind it stand the entries of all fields, by position.
  std::uint64_t keeps;        ///< What stays of the first presence word when a further field comes:
                              ///< all but in unions, of whose members the last counts.
  /// (first presence word & usual_mask) == usual_bits: all required fields are there, and nothing
  /// unusual is (unknown fields, further presence words).
  std::uint64_t usual_mask;
  std::uint64_t usual_bits;
  std::int32_t first_id;  ///< Never above 0, so that the table has an entry for 0.
  std::uint32_t id_span;  ///< Entries in the table, at least one.
  std::uint32_t size;     ///< Bytes of a record; a multiple of 8.
  std::uint16_t field_count;
  std::uint16_t presence_words;

  const FieldLayout* fields;      ///< By rising id, the order in which Apache's runtimes write.
  const std::uint64_t* required;  ///< A mask per presence word: the bits of required fields.
  /// Set where the tail holds unknown fields: == field_count. There is always room for one bit more
  /// behind it, which decoding uses.
  std::uint16_t unknown_bit;
  bool is_union;
  std::uint32_t unknown_offset;  ///< A `const UnknownField*`; defined only with its bit.
  const std::byte* default_record;
  const StructType* type;
  const JsonName* json_names;  ///< As `fields`.

  /// The field of that id, or nullptr.
  [[nodiscard]] const FieldLayout* find(std::int32_t id) const noexcept {
    const auto at = static_cast<std::uint32_t>(id) - static_cast<std::uint32_t>(first_id);
    if (at < id_span) [[likely]] {
      return table[at].slot == nullptr ? nullptr : fields + table[at].bit;
    }
    return find_sparse(id);
  }

 private:
  [[nodiscard]] THRIFTPP_API const FieldLayout* find_sparse(std::int32_t id) const noexcept;
};

/// Presence bits of a record.
[[nodiscard]] inline bool test_bit(const std::byte* record, std::uint32_t bit) noexcept {
  std::uint64_t word;
  std::memcpy(&word, record + std::size_t{bit / 64} * 8, 8);
  return (word >> (bit % 64) & 1) != 0;
}
inline void set_bit(std::byte* record, std::uint32_t bit) noexcept {
  std::uint64_t word;
  std::memcpy(&word, record + std::size_t{bit / 64} * 8, 8);
  word |= std::uint64_t{1} << (bit % 64);
  std::memcpy(record + std::size_t{bit / 64} * 8, &word, 8);
}
inline void clear_bit(std::byte* record, std::uint32_t bit) noexcept {
  std::uint64_t word;
  std::memcpy(&word, record + std::size_t{bit / 64} * 8, 8);
  word &= ~(std::uint64_t{1} << (bit % 64));
  std::memcpy(record + std::size_t{bit / 64} * 8, &word, 8);
}
[[nodiscard]] inline bool is_required(const StructLayout& layout,
                                      const FieldLayout& field) noexcept {
  return (layout.required[field.bit / 64] >> (field.bit % 64) & 1) != 0;
}
/// The first of the fields that were kept though the schema does not have them, or nullptr.
[[nodiscard]] inline const UnknownField* unknown_fields(const StructLayout& layout,
                                                        const std::byte* record) noexcept {
  if (!test_bit(record, layout.unknown_bit)) return nullptr;
  const UnknownField* first;
  std::memcpy(&first, record + layout.unknown_offset, sizeof(first));
  return first;
}
/// No field is set.
inline void clear_presence(std::byte* record, const StructLayout& layout) noexcept {
  std::memset(record, 0, std::size_t{layout.presence_words} * 8);
}
}  // namespace thrift
