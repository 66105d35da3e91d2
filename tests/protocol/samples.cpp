#include "samples.hpp"

using namespace thrift;

namespace samples {
namespace {

FieldSpec make_field(std::int16_t id, std::string_view name, const Type& type,
                     Requiredness requiredness = Requiredness::optional) {
  return {.id = id, .name = name, .type = type, .requiredness = requiredness};
}

/// `count` i32 fields from id 1 on, the first and the last two required.
void define_wide(SchemaBuilder& b, StructType& type, int count) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(count));
  for (int i = 1; i <= count; ++i) names.push_back("f" + std::to_string(i));
  std::vector<FieldSpec> fields;
  for (int i = 1; i <= count; ++i) {
    const bool required = !type.is_union() && (i == 1 || i >= count - 1);
    fields.push_back(make_field(static_cast<std::int16_t>(i),
                                names[static_cast<std::size_t>(i - 1)], base_type(TypeKind::i32),
                                required ? Requiredness::required : Requiredness::optional));
  }
  b.define(type, fields);
}

}  // namespace

Schema::Schema() {
  SchemaBuilder b;
  Program& p = b.add_program("samples", "samples.thrift");
  EnumType& color = b.add_enum(p, "Color");
  StructType& all_type = b.add_struct(p, "All", TypeKind::struct_);
  StructType& inner_type = b.add_struct(p, "Inner", TypeKind::struct_);
  StructType& choice_type = b.add_struct(p, "Choice", TypeKind::union_);
  StructType& empty_type = b.add_struct(p, "Empty", TypeKind::struct_);
  StructType& node_type = b.add_struct(p, "Node", TypeKind::struct_);
  StructType& wide_type = b.add_struct(p, "Wide", TypeKind::struct_);
  StructType& wide_choice_type = b.add_struct(p, "WideChoice", TypeKind::union_);
  StructType& defaults_type = b.add_struct(p, "Defaults", TypeKind::struct_);
  b.define(color, {{.name = "red", .number = 1}, {.name = "green", .number = 2}});
  const Type& boolean = base_type(TypeKind::bool_);
  const Type& i8 = base_type(TypeKind::i8);
  const Type& i16 = base_type(TypeKind::i16);
  const Type& i32 = base_type(TypeKind::i32);
  const Type& i64 = base_type(TypeKind::i64);
  const Type& real = base_type(TypeKind::double_);
  const Type& string = base_type(TypeKind::string);
  const Type& uuid = base_type(TypeKind::uuid);
  b.define(inner_type,
           {make_field(1, "key", string, Requiredness::required), make_field(2, "n", i64)});
  b.define(choice_type, {make_field(1, "number", i32), make_field(2, "text", string),
                         make_field(3, "inner", inner_type)});
  b.define(empty_type, {});
  b.define(node_type,
           {make_field(1, "next", node_type), make_field(2, "children", b.list_of(node_type))});
  define_wide(b, wide_type, 70);
  define_wide(b, wide_choice_type, 70);
  b.define(defaults_type, {make_field(1, "plain", i32, Requiredness::default_),
                           make_field(2, "with_default", i32, Requiredness::default_),
                           make_field(3, "optional_default", i32, Requiredness::optional),
                           make_field(4, "inner", inner_type, Requiredness::default_)});
  b.define(all_type, {make_field(-1, "negative_id", i32),
                      make_field(1, "flag", boolean),
                      make_field(2, "tiny", i8),
                      make_field(3, "small", i16),
                      make_field(4, "number", i32),
                      make_field(5, "big", i64),
                      make_field(6, "real", real),
                      make_field(7, "text", string),
                      make_field(8, "bytes", base_type(TypeKind::binary)),
                      make_field(9, "uuid", uuid),
                      make_field(10, "color", color),
                      make_field(11, "inner", inner_type),
                      make_field(12, "choice", choice_type),
                      make_field(13, "flags", b.list_of(boolean)),
                      make_field(14, "tinies", b.list_of(i8)),
                      make_field(15, "smalls", b.list_of(i16)),
                      make_field(16, "numbers", b.list_of(i32)),
                      make_field(17, "bigs", b.list_of(i64)),
                      make_field(18, "reals", b.list_of(real)),
                      make_field(19, "texts", b.list_of(string)),
                      make_field(20, "uuids", b.set_of(uuid)),
                      make_field(21, "inners", b.list_of(inner_type)),
                      make_field(22, "by_text", b.map_of(string, inner_type)),
                      make_field(23, "by_number", b.map_of(i32, b.list_of(string))),
                      make_field(24, "tags", b.set_of(string)),
                      make_field(25, "by_struct", b.map_of(inner_type, boolean)),
                      make_field(26, "matrix", b.list_of(b.list_of(real))),
                      make_field(27, "by_flag", b.map_of(boolean, uuid)),
                      make_field(28, "empties", b.list_of(empty_type)),
                      make_field(1000, "self", all_type)});
  b.lay_out();
  std::byte* const seven = b.new_cell(i32);
  const std::int32_t number = 7;
  std::memcpy(seven, &number, sizeof(number));
  b.set_default(defaults_type.field("with_default"), seven);
  b.set_default(defaults_type.field("optional_default"), seven);
  std::byte* const record = b.new_cell(inner_type);
  const StringSlot text{"dflt", 4};
  std::memcpy(record + inner_type.field("key").layout().offset, &text, sizeof(text));
  set_bit(record, inner_type.field("key").layout().bit);
  b.set_default(defaults_type.field("inner"), record);
  all = &all_type;
  inner = &inner_type;
  choice = &choice_type;
  empty = &empty_type;
  node = &node_type;
  wide = &wide_type;
  wide_choice = &wide_choice_type;
  defaults = &defaults_type;
  schema = std::move(b).build();
}

const Schema& schema() {
  static const Schema one;
  return one;
}

Bytes all_bytes() {
  using enum WireType;
  const Bytes inner = Wire().field(string, 1).string("k").field(i64, 2).i64(-2).stop().bytes;
  const std::string id = "0123456789abcdef";
  Wire w;
  w.field(i32, -1).i32(-7);
  w.field(bool_, 1).i8(1);
  w.field(i8, 2).i8(-3);
  w.field(i16, 3).i16(-300);
  w.field(i32, 4).i32(70000);
  w.field(i64, 5).i64(0x123456789abcdef0);
  w.field(double_, 6).i64(0x3ff8000000000000);  // 1.5
  w.field(string, 7).string("text");
  w.field(string, 8).string(std::string_view("\0\xff", 2));
  w.field(WireType::uuid, 9).raw(id);
  w.field(i32, 10).i32(99);  // a number that the enum does not name
  w.field(struct_, 11).raw(inner);
  w.field(struct_, 12).field(string, 2).string("chosen").stop();
  w.field(list, 13).list(bool_, 3).i8(1).i8(0).i8(1);
  w.field(list, 14).list(i8, 2).i8(5).i8(-5);
  w.field(list, 15).list(i16, 2).i16(500).i16(-500);
  w.field(list, 16).list(i32, 3).i32(1).i32(-1).i32(1 << 30);
  w.field(list, 17).list(i64, 2).i64(1).i64(-1);
  w.field(list, 18).list(double_, 1).i64(0x4000000000000000);  // 2.0
  w.field(list, 19).list(string, 3).string("a").string("").string("ccc");
  w.field(set, 20).list(WireType::uuid, 1).raw(id);
  w.field(list, 21).list(struct_, 2).raw(inner).raw(inner);
  w.field(map, 22).map(string, struct_, 1).string("x").raw(inner);
  w.field(map, 23).map(i32, list, 2).i32(8).list(string, 1).string("eight").i32(9).list(string, 0);
  w.field(set, 24).list(string, 2).string("s").string("t");
  w.field(map, 25).map(struct_, bool_, 1).raw(inner).i8(1);
  w.field(list, 26).list(list, 2).list(double_, 1).i64(0x3ff0000000000000).list(double_, 0);
  w.field(map, 27).map(bool_, WireType::uuid, 1).i8(0).raw(id);
  w.field(list, 28).list(struct_, 2).stop().stop();
  w.field(struct_, 1000).field(bool_, 1).i8(0).stop();
  return w.stop().bytes;
}

namespace {

void append_random(Wire& w, const SlotLayout& slot, std::mt19937_64& random, int depth);

void append_random_fields(Wire& w, const StructLayout& layout, std::mt19937_64& random, int depth) {
  std::uint32_t only =
      layout.is_union ? static_cast<std::uint32_t>(random() % layout.field_count) : 0;
  for (std::uint32_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    const bool required = is_required(layout, field);
    const bool nested = field.slot->op >= SlotOp::record;
    if (layout.is_union) {
      // Recursion has to end somewhere: the first member is a number.
      if (i != (depth <= 0 ? 0 : only)) continue;
    } else if (!required && (random() % 3 == 0 || (nested && depth <= 0))) {
      continue;
    }
    w.field(field.wire, field.id);
    append_random(w, *field.slot, random, depth - 1);
  }
  w.stop();
}

void append_random(Wire& w, const SlotLayout& slot, std::mt19937_64& random, int depth) {
  const auto size = static_cast<std::uint32_t>(depth <= 0 ? 0 : random() % 5);
  switch (slot.op) {
    case SlotOp::void_: break;
    case SlotOp::bool_: w.i8(static_cast<int>(random() % 2)); break;
    case SlotOp::i8: w.i8(static_cast<int>(random())); break;
    case SlotOp::i16: w.i16(static_cast<int>(random())); break;
    case SlotOp::i32: w.i32(static_cast<std::int32_t>(random())); break;
    case SlotOp::i64:
    case SlotOp::double_: w.i64(static_cast<std::int64_t>(random())); break;
    case SlotOp::string: w.string(std::string(random() % 70, static_cast<char>(random()))); break;
    case SlotOp::uuid: w.i64(static_cast<std::int64_t>(random())).i64(1); break;
    case SlotOp::record: append_random_fields(w, *slot.record, random, depth); break;
    case SlotOp::list:
    case SlotOp::set:
      w.list(slot.element->wire, size);
      for (std::uint32_t i = 0; i < size; ++i) append_random(w, *slot.element, random, depth - 1);
      break;
    case SlotOp::map:
      w.map(slot.key->wire, slot.element->wire, size);
      for (std::uint32_t i = 0; i < size; ++i) {
        append_random(w, *slot.key, random, depth - 1);
        append_random(w, *slot.element, random, depth - 1);
      }
      break;
  }
}

}  // namespace

Bytes random_bytes(const SlotLayout& slot, std::mt19937_64& random, int depth) {
  Wire w;
  append_random(w, slot, random, depth);
  return w.bytes;
}

const std::byte* field(ValueView record, std::string_view name) {
  const Field& known = record.type().as_struct().field(name);
  if (!record.has(known)) return nullptr;
  return record[known].cell();
}

Failed decode_error(const Bytes& bytes, const Type& type, const DecodeOptions& options,
                    ProtocolId protocol) {
  const Exact exact(bytes);
  Arena arena;
  const Result<Decoded> decoded = try_decode_prefix(protocol, exact.span(), type, arena, options);
  REQUIRE_MESSAGE(!decoded.has_value(), "it decodes");
  const auto* const detail = decoded.error().as<ProtocolErrorDetail>();
  REQUIRE(detail != nullptr);
  return {detail->kind, detail->offset, detail->path, detail->message};
}

}  // namespace samples
