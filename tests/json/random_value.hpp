#pragma once

/// Random schemas and random values of them, from a seed: what property tests run over.

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <thriftpp/schema/schema_builder.hpp>
#include <thriftpp/value/value.hpp>

namespace thrift::test {

class RandomValues {
 public:
  explicit RandomValues(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

  /// A few structs, a union, an exception and an enum, which refer to each other.
  SchemaPtr schema() {
    SchemaBuilder b;
    Program& program = b.add_program("random", "random.thrift");
    EnumType& color = b.add_enum(program, "Color");
    std::vector<StructType*> structs;
    for (const char* name : {"A", "B", "C", "D"}) {
      structs.push_back(&b.add_struct(program, name, TypeKind::struct_));
    }
    structs.push_back(&b.add_struct(program, "U", TypeKind::union_));
    structs.push_back(&b.add_struct(program, "X", TypeKind::exception));
    // Two names for one number, a gap, a negative number.
    b.define(color, {{.name = "RED", .number = 1},
                     {.name = "ROT", .number = 1},
                     {.name = "GREEN", .number = 7},
                     {.name = "DEEP", .number = -5}});
    std::vector<const Type*> named{&color};
    named.insert(named.end(), structs.begin(), structs.end());
    for (StructType* const type : structs) {
      std::vector<FieldSpec> fields;
      std::vector<std::string> names;
      const std::size_t count = 1 + below(chance(6) ? 80 : 9);
      for (std::size_t i = 0; i < count; ++i) names.push_back("f" + std::to_string(i));
      for (std::size_t i = 0; i < count; ++i) {
        FieldSpec field{.id = static_cast<std::int16_t>(4 * i + 1 + below(4)),  // with gaps
                        .name = names[i],
                        .type = i == 0 ? scalar() : any_type(b, named, 3)};
        // Only scalars are required: every value has an end.
        if (type->kind() != TypeKind::union_ && !field.type.type().is_container() &&
            !field.type.type().is_struct()) {
          field.requiredness = static_cast<Requiredness>(below(3));
        }
        fields.push_back(field);
      }
      b.define(*type, fields);
    }
    b.lay_out();
    for (const StructType* const type : structs) {
      if (type->is_union()) continue;
      for (const Field& field : type->fields()) {
        if (field.type().kind() != TypeKind::i32 || !chance(2)) continue;
        std::byte* const cell = b.new_cell(field.type());
        const std::int32_t value = 4711;
        std::memcpy(cell, &value, sizeof(value));
        b.set_default(field, cell);
      }
    }
    return std::move(b).build();
  }

  Value value(const Type& type) {
    auto arena = std::make_unique<Arena>();
    auto* const cell = static_cast<std::byte*>(arena->allocate(type.slot().cell_size));
    std::memset(cell, 0, type.slot().cell_size);
    const BuildPath root;
    CellWriter writer(type, cell, *arena, root);
    fill(writer, 6);
    return Value::adopt(std::move(arena), type, cell);
  }

 private:
  const Type& scalar() {
    static constexpr TypeKind kinds[] = {
        TypeKind::bool_, TypeKind::i8,      TypeKind::i16,    TypeKind::i32,    TypeKind::i64,
        TypeKind::i32,   TypeKind::double_, TypeKind::string, TypeKind::binary, TypeKind::uuid};
    return base_type(kinds[below(std::size(kinds))]);
  }

  const Type& any_type(SchemaBuilder& b, const std::vector<const Type*>& named, int depth) {
    switch (below(depth == 0 ? 3 : 6)) {
      case 0:
      case 1: return scalar();
      case 2: return *named[below(named.size())];
      case 3: return b.list_of(any_type(b, named, depth - 1));
      case 4: return b.set_of(any_type(b, named, depth - 1));
      default: {
        const Type& key = any_type(b, named, depth - 1);
        return b.map_of(key, any_type(b, named, depth - 1));
      }
    }
  }

  std::int64_t integer(std::int64_t min, std::int64_t max) {
    switch (below(6)) {
      case 0: return min;
      case 1: return max;
      case 2: return 0;
      case 3: return -1;
      default: return std::uniform_int_distribution<std::int64_t>(min, max)(random_);
    }
  }

  double real() {
    switch (below(8)) {
      case 0: return -0.0;
      case 1: return std::numeric_limits<double>::quiet_NaN();
      case 2: return std::numeric_limits<double>::infinity();
      case 3: return -std::numeric_limits<double>::infinity();
      case 4: return static_cast<double>(integer(-1000, 1000));
      case 5: return std::numeric_limits<double>::denorm_min();
      default: {
        const auto bits = static_cast<std::uint64_t>(integer(INT64_MIN, INT64_MAX));
        double value;
        std::memcpy(&value, &bits, sizeof(value));
        return value;
      }
    }
  }

  std::string text() {
    static constexpr std::string_view pieces[] = {"a",
                                                  "Ann",
                                                  "\"",
                                                  "\\",
                                                  "\n",
                                                  std::string_view("\0", 1),
                                                  "\xc3\xa9",
                                                  "\xf0\x9f\x98\x80",
                                                  "base64",
                                                  "RED",
                                                  "true",
                                                  "1",
                                                  "{}",
                                                  "\x7f",
                                                  "\xff",
                                                  "\xc3",
                                                  "\xed\xa0\x80",
                                                  "/",
                                                  "AA=="};
    std::string out;
    // Most strings are UTF-8: the last pieces but two are not.
    for (std::size_t n = below(5); n != 0; --n) {
      out += pieces[below(chance(8) ? std::size(pieces) : 14)];
    }
    return out;
  }

  void fill(CellWriter& w, int depth) {
    const Type& type = w.type();
    const std::size_t elements = depth <= 0 ? 0 : below(4);
    switch (type.kind()) {
      case TypeKind::bool_: return w.boolean(chance(2));
      case TypeKind::i8: return w.integer(integer(INT8_MIN, INT8_MAX));
      case TypeKind::i16: return w.integer(integer(INT16_MIN, INT16_MAX));
      case TypeKind::i32: return w.integer(integer(INT32_MIN, INT32_MAX));
      case TypeKind::i64: return w.integer(integer(INT64_MIN, INT64_MAX));
      case TypeKind::enum_: return w.integer(chance(2) ? 7 : integer(-6, 8));
      case TypeKind::double_: return w.number(real());
      case TypeKind::string:
      case TypeKind::binary: return w.text(text());
      case TypeKind::uuid: {
        Uuid uuid;
        for (std::uint8_t& byte : uuid) byte = static_cast<std::uint8_t>(below(256));
        return w.uuid(uuid);
      }
      case TypeKind::list:
      case TypeKind::set:
        w.begin_list(elements);
        for (std::size_t i = 0; i < elements; ++i) {
          w.element(i, [&](CellWriter inner) { fill(inner, depth - 1); });
        }
        return w.end_container();
      case TypeKind::map:
        w.begin_map(elements);
        for (std::size_t i = 0; i < elements; ++i) {
          w.entry([&](CellWriter inner) { fill(inner, depth - 1); },
                  [&](CellWriter inner) { fill(inner, depth - 1); });
        }
        return w.end_container();
      default: return fill_struct(w, depth);
    }
  }

  void fill_struct(CellWriter& w, int depth) {
    const StructType& type = w.type().as_struct();
    w.begin_struct();
    const auto set = [&](const Field& field) {
      w.field(field, [&](CellWriter inner) { fill(inner, depth - 1); });
    };
    if (type.is_union()) {
      set(type.fields()[depth <= 0 ? 0 : below(type.fields().size())]);
    } else {
      for (const Field& field : type.fields()) {
        const bool deep = field.type().is_struct() || field.type().is_container();
        if (field.is_required() || (chance(2) && (depth > 0 || !deep))) set(field);
      }
    }
    w.end_struct(false);
  }

  std::mt19937 random_;
};

}  // namespace thrift::test
