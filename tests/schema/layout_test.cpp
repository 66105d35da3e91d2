#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema_builder.hpp>

using namespace thrift;

namespace {

FieldSpec field(std::int16_t id, std::string_view name, const Type& type,
                Requiredness requiredness = Requiredness::default_) {
  return {.id = id, .name = name, .type = type, .requiredness = requiredness};
}

const FieldLayout& layout_of(const StructType& type, std::string_view name) {
  return type.field(name).layout();
}

}  // namespace

TEST_CASE("bits go by rising id, and fields lie by falling alignment") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& t = b.add_struct(p, "T", TypeKind::struct_);
  b.define(t, {field(1, "flag", base_type(TypeKind::bool_)),
               field(2, "name", base_type(TypeKind::string), Requiredness::required),
               field(3, "small", base_type(TypeKind::i16)),
               field(4, "number", base_type(TypeKind::i32), Requiredness::required),
               field(5, "self", t), field(6, "map", b.map_of(base_type(TypeKind::i32), t))});
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();

  CHECK(t.layout().required[0] == 0b001010);
  CHECK(layout_of(t, "flag").bit == 0);
  CHECK(layout_of(t, "name").bit == 1);
  CHECK(layout_of(t, "number").bit == 3);
  CHECK(t.layout().fields[3].id == 4);
  CHECK(t.layout().unknown_bit == 6);
  // presence 0, tail 8, name 16, self 32, map 40, number 64, small 68, flag 70
  CHECK(layout_of(t, "name").offset == 16);
  CHECK(layout_of(t, "self").offset == 32);
  CHECK(layout_of(t, "map").offset == 40);
  CHECK(layout_of(t, "number").offset == 64);
  CHECK(layout_of(t, "small").offset == 68);
  CHECK(layout_of(t, "flag").offset == 70);
  CHECK(t.layout().size == 72);
  // The map's entries: a key of 4 bytes, then the record itself, aligned.
  const SlotLayout& map = t.field("map").type().slot();
  CHECK(map.value_offset == 8);
  CHECK(map.entry_size == 8 + 72);
}

TEST_CASE("a recursive struct's default record points at itself") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& t = b.add_struct(p, "T", TypeKind::struct_);
  b.define(t, {field(1, "next", t)});
  b.lay_out();
  const std::byte* inner = nullptr;
  std::memcpy(&inner, t.layout().default_record + layout_of(t, "next").offset, sizeof(inner));
  CHECK(inner == t.layout().default_record);
}

TEST_CASE("fields are found by id, dense or sparse, negative or not") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& dense = b.add_struct(p, "Dense", TypeKind::struct_);
  b.define(dense,
           {field(-1, "a", base_type(TypeKind::i32)), field(-2, "b", base_type(TypeKind::i32)),
            field(5, "c", base_type(TypeKind::i32))});
  StructType& sparse = b.add_struct(p, "Sparse", TypeKind::struct_);
  b.define(sparse, {field(-32768, "low", base_type(TypeKind::i32)),
                    field(7, "seven", base_type(TypeKind::i32)),
                    field(32767, "high", base_type(TypeKind::i32))});
  b.lay_out();
  CHECK(dense.layout().id_span == 8);
  CHECK(sparse.layout().id_span == 8);  // 0 to 7; the others are searched
  CHECK(dense.find_field(-2)->name() == "b");
  CHECK(dense.find_field(5)->name() == "c");
  for (const int absent : {-3, 0, 4, 6, 32767, -32768}) {
    CHECK(dense.find_field(absent) == nullptr);
  }
  CHECK(sparse.find_field(-32768)->name() == "low");
  CHECK(sparse.find_field(32767)->name() == "high");
  for (const int absent : {-1, 0, 6, 8, 32766}) CHECK(sparse.find_field(absent) == nullptr);
}

TEST_CASE("the members of a union share one place, and `required` means nothing there") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& u = b.add_struct(p, "U", TypeKind::union_);
  b.define(u, {field(1, "i", base_type(TypeKind::i32), Requiredness::required),
               field(2, "s", base_type(TypeKind::string))});
  b.lay_out();
  CHECK(layout_of(u, "i").offset == layout_of(u, "s").offset);
  CHECK(layout_of(u, "i").bit != layout_of(u, "s").bit);
  CHECK(u.layout().required[0] == 0);
}

TEST_CASE("a struct of more than 62 fields has more presence words") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& t = b.add_struct(p, "Wide", TypeKind::struct_);
  std::vector<std::string> names;
  for (int i = 1; i <= 130; ++i) names.push_back("f" + std::to_string(i));
  std::vector<FieldSpec> fields;
  for (int i = 1; i <= 130; ++i) {
    fields.push_back(field(static_cast<std::int16_t>(i), names[static_cast<std::size_t>(i - 1)],
                           base_type(TypeKind::i8), Requiredness::required));
  }
  b.define(t, fields);
  b.lay_out();
  CHECK(t.layout().presence_words == 3);
  CHECK(t.layout().required[0] == ~std::uint64_t{0});
  CHECK(t.layout().required[2] == 3);
  CHECK(t.find_field("f130")->id() == 130);
  CHECK(t.find_field("f131") == nullptr);
}

TEST_CASE("two fields of one id are refused") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  StructType& t = b.add_struct(p, "T", TypeKind::struct_);
  b.define(t, {field(1, "a", base_type(TypeKind::i8)), field(1, "b", base_type(TypeKind::i8))});
  CHECK_THROWS_WITH_AS(b.lay_out(), "`T`: fields `a` and `b` have the same id 1", TypeError);
}
