// Computes where the fields of a record lie. The result depends on ids, types and requiredness
// alone, not on names or the order of the IDL: two schemas that agree in those agree in layout, and
// values pass between them by a plain deep copy (compare.cpp).

#include <algorithm>
#include <numeric>
#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/schema_builder.hpp>

#include "base/align.hpp"
#include "schema/schema_state.hpp"

namespace thrift {
namespace {

constexpr std::uint32_t binary_header(WireType type, std::int16_t id) {
  const auto bits = static_cast<std::uint16_t>(id);
  return static_cast<std::uint32_t>(type) | std::uint32_t{bits} >> 8 << 8 |
         (std::uint32_t{bits} & 0xffU) << 16;
}

/// A table may be this much larger than the number of ids in it; sparser ids are searched.
constexpr std::uint32_t table_factor = 8;
constexpr std::uint32_t table_floor = 64;

}  // namespace

void SchemaBuilder::make_table(StructLayout& layout) {
  const std::span<const FieldLayout> fields(layout.fields, layout.field_count);
  const auto most = static_cast<std::int32_t>(table_floor + table_factor * fields.size());
  std::int32_t first = 0, last = 0;
  for (const FieldLayout& field : fields) {
    if (field.id < 0 && field.id > -most) first = std::min<std::int32_t>(first, field.id);
  }
  for (const FieldLayout& field : fields) {
    if (field.id - first < most) last = std::max<std::int32_t>(last, field.id);
  }
  layout.first_id = first;
  layout.id_span = static_cast<std::uint32_t>(last - first + 1);
  const std::size_t entries = layout.id_span + fields.size();
  auto* const table = static_cast<HotField*>(arena().allocate(entries * sizeof(HotField)));
  std::fill_n(table, entries,
              HotField{.offset = 0, .bit = 0, .op = SlotOp::void_, .slot = nullptr});
  const bool one_word = layout.presence_words == 1;
  for (const FieldLayout& field : fields) {
    const HotField hot{.offset = field.offset,
                       .bit = field.bit,
                       .op = one_word ? field.op : SlotOp::void_,
                       .slot = field.slot};
    table[layout.id_span + field.bit] = hot;
    const auto at = static_cast<std::uint32_t>(field.id - first);
    if (at < layout.id_span) table[at] = hot;
  }
  layout.table = table;
  layout.table_end = table + layout.id_span;
  // A union keeps the bits that are no member's.
  layout.keeps = !layout.is_union ? ~std::uint64_t{0}
                 : one_word       ? ~std::uint64_t{0} << layout.unknown_bit
                                  : 0;
  if (one_word) {
    layout.usual_bits = layout.required[0];
    layout.usual_mask = layout.required[0] | std::uint64_t{1} << layout.unknown_bit;
  } else {
    layout.usual_bits = 1;  // which the mask never lets through
    layout.usual_mask = 0;
  }
}

void SchemaBuilder::lay_out(StructType& type) {
  Arena& memory = arena();
  const std::span<Field> fields = type.fields_;
  const std::size_t count = fields.size();
  // Ids are 16 bit, so that distinct ones cannot be more.
  if (count > 65536 - 2) throw TypeError("`" + std::string(type.name()) + "` has too many fields");

  std::vector<Field*> by_id(count);
  for (std::size_t i = 0; i < count; ++i) by_id[i] = &fields[i];
  std::sort(by_id.begin(), by_id.end(),
            [](const Field* a, const Field* b) { return a->id() < b->id(); });
  for (std::size_t i = 1; i < count; ++i) {
    if (by_id[i]->id() == by_id[i - 1]->id()) {
      throw TypeError("`" + std::string(type.name()) + "`: fields `" +
                      std::string(by_id[i - 1]->name()) + "` and `" +
                      std::string(by_id[i]->name()) + "` have the same id " +
                      std::to_string(by_id[i]->id()));
    }
  }

  auto* const layouts = static_cast<FieldLayout*>(
      memory.allocate(sizeof(FieldLayout) * std::max<std::size_t>(count, 1)));
  // Two bits more than fields: that for unknown ones, and one for decoding.
  const auto words = static_cast<std::uint16_t>((count + 1) / 64 + 1);
  auto* const required =
      static_cast<std::uint64_t*>(memory.allocate(words * sizeof(std::uint64_t)));
  std::fill_n(required, words, std::uint64_t{0});
  for (std::size_t i = 0; i < count; ++i) {
    Field& field = *by_id[i];
    const SlotLayout& slot = field.type().slot();
    layouts[i] = FieldLayout{.offset = 0,
                             .bit = static_cast<std::uint16_t>(i),
                             .id = field.id(),
                             .index = static_cast<std::uint16_t>(field.index()),
                             .wire = slot.wire,
                             .op = slot.op,
                             .binary_header = binary_header(slot.wire, field.id()),
                             .slot = &slot};
    field.layout_ = &layouts[i];
    // A union's members are never required: `required` on them means nothing (Apache warns).
    if (field.is_required() && !type.is_union()) required[i / 64] |= std::uint64_t{1} << i % 64;
  }

  auto* const names =
      static_cast<JsonName*>(memory.allocate(sizeof(JsonName) * std::max<std::size_t>(count, 1)));
  for (std::size_t i = 0; i < count; ++i) {
    const Field& field = *by_id[i];
    const std::string_view text = json_text(field.name(), ":");
    names[i] = JsonName{.text = text.data(),
                        .size = static_cast<std::uint32_t>(text.size()),
                        .kind = field.type().kind(),
                        .has_default = false};
  }

  auto* const layout = static_cast<StructLayout*>(memory.allocate(sizeof(StructLayout)));
  *layout = StructLayout{};
  layout->fields = layouts;
  layout->field_count = static_cast<std::uint16_t>(count);
  layout->required = required;
  layout->unknown_bit = static_cast<std::uint16_t>(count);
  layout->presence_words = words;
  layout->is_union = type.is_union();
  layout->type = &type;
  layout->json_names = names;

  // The tail pointer for unknown fields, then the fields by falling alignment: no holes but the
  // end.
  std::uint32_t offset = std::uint32_t{layout->presence_words} * 8;
  layout->unknown_offset = offset;
  offset += 8;
  if (type.is_union()) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < count; ++i) {
      layouts[i].offset = offset;
      size = std::max(size, layouts[i].slot->field_size);
    }
    offset += size;
  } else {
    for (const std::uint32_t align : {8U, 4U, 2U, 1U}) {
      for (std::size_t i = 0; i < count; ++i) {
        if (layouts[i].slot->field_align != align) continue;
        layouts[i].offset = offset;
        offset += layouts[i].slot->field_size;
      }
    }
  }
  layout->size = align_up(offset, 8);

  make_table(*layout);
  auto* const record = static_cast<std::byte*>(memory.allocate(layout->size));
  std::memset(record, 0, layout->size);
  layout->default_record = record;
  type.layout_ = layout;

  SlotLayout& slot = const_cast<SlotLayout&>(type.slot());  // ours, made by add_struct
  slot.record = layout;
  slot.cell_size = layout->size;
}

void SchemaBuilder::fill_default_record(const StructType& type) {
  // All default records exist by now, so that nested and recursive ones can point at each other.
  for (Field& field : type.as_struct().fields_) {
    const SlotLayout& slot = field.type().slot();
    auto* const record = const_cast<std::byte*>(type.layout().default_record);
    std::byte* const at = record + field.layout().offset;
    if (slot.op == SlotOp::record) {
      field.default_slot_ = slot.record->default_record;
      if (!type.is_union()) std::memcpy(at, &field.default_slot_, sizeof(void*));
    } else if (type.is_union()) {
      field.default_slot_ = new_cell(field.type());  // members share the slot: it cannot hold all
    } else {
      field.default_slot_ = at;
    }
  }
}

void SchemaBuilder::lay_out() {
  for (StructType* type : structs_) lay_out(*type);
  for (StructType* type : structs_) fill_default_record(*type);
  schema_->state_->containers.lay_out();
}

std::byte* SchemaBuilder::new_cell(const Type& type) {
  const std::size_t size = std::max<std::size_t>(type.slot().cell_size, 1);
  auto* const cell = static_cast<std::byte*>(arena().allocate(size));
  std::memset(cell, 0, size);
  return cell;
}

void SchemaBuilder::set_default(const Field& field, const std::byte* cell) {
  auto& mutable_field = const_cast<Field&>(field);  // a node of the schema that is being built
  mutable_field.has_default_ = true;
  const StructLayout& layout = field.parent().layout();
  const_cast<JsonName&>(layout.json_names[field.layout().bit]).has_default = true;
  mutable_field.default_slot_ = cell;
  if (field.parent().is_union()) return;
  std::byte* const at =
      const_cast<std::byte*>(field.parent().layout().default_record) + field.layout().offset;
  if (field.type().is_struct()) {
    std::memcpy(at, &cell, sizeof(cell));
  } else {
    std::memcpy(at, cell, field.type().slot().field_size);
  }
}

}  // namespace thrift
