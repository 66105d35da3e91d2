#pragma once

// A schema with one of everything, for the tests of values.

#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema_builder.hpp>
#include <thriftpp/value/value.hpp>

namespace sample {

using namespace thrift;

inline FieldSpec field(std::int16_t id, std::string_view name, const Type& type,
                       Requiredness requiredness = Requiredness::default_) {
  return {.id = id, .name = name, .type = type, .requiredness = requiredness};
}

/// enum Color { RED = 1, GREEN = 2, ALSO_GREEN = 2 }
/// struct Address { 1: required string street  2: optional string city }
/// union Contact { 1: string email  2: i64 phone  3: Address address }
/// struct User {
///   1: required string id   2: string name = "nobody"   3: i32 age   4: optional bool vip = true
///   5: list<string> tags   6: map<string, i32> counts   7: Address address   8: Color color
///   9: optional User boss   10: set<i32> numbers   11: double score   12: binary blob   13: uuid
///   key 14: list<i32> ints = [1, 2, 3]   15: Contact contact   16: i8 small   17: i64 big 18:
///   list<User> team   19: map<Color, Address> homes   20: map<i32, list<string>> by_number
/// }
inline SchemaPtr schema() {
  SchemaBuilder b;
  Program& p = b.add_program("user", "user.thrift");
  EnumType& color = b.add_enum(p, "Color");
  StructType& address = b.add_struct(p, "Address", TypeKind::struct_);
  StructType& contact = b.add_struct(p, "Contact", TypeKind::union_);
  StructType& user = b.add_struct(p, "User", TypeKind::struct_);
  const auto base = [](TypeKind kind) -> const Type& { return base_type(kind); };
  const Type& string = base(TypeKind::string);
  const Type& i32 = base(TypeKind::i32);
  constexpr auto optional = Requiredness::optional;
  b.define(color, {{.name = "RED", .number = 1},
                   {.name = "GREEN", .number = 2},
                   {.name = "ALSO_GREEN", .number = 2}});
  b.define(address, {field(1, "street", string, Requiredness::required),
                     field(2, "city", string, optional)});
  b.define(contact, {field(1, "email", string), field(2, "phone", base(TypeKind::i64)),
                     field(3, "address", address)});
  b.define(user, {field(1, "id", string, Requiredness::required),
                  field(2, "name", string),
                  field(3, "age", i32),
                  field(4, "vip", base(TypeKind::bool_), optional),
                  field(5, "tags", b.list_of(string)),
                  field(6, "counts", b.map_of(string, i32)),
                  field(7, "address", address),
                  field(8, "color", color),
                  field(9, "boss", user, optional),
                  field(10, "numbers", b.set_of(i32)),
                  field(11, "score", base(TypeKind::double_)),
                  field(12, "blob", base(TypeKind::binary)),
                  field(13, "key", base(TypeKind::uuid)),
                  field(14, "ints", b.list_of(i32)),
                  field(15, "contact", contact),
                  field(16, "small", base(TypeKind::i8)),
                  field(17, "big", base(TypeKind::i64)),
                  field(18, "team", b.list_of(user)),
                  field(19, "homes", b.map_of(color, address)),
                  field(20, "by_number", b.map_of(i32, b.list_of(string)))});
  b.lay_out();
  const auto set_default = [&](const Field& f, const Literal& value) {
    std::byte* const cell = b.new_cell(f.type());
    const BuildPath root;
    CellWriter writer(f.type(), cell, b.arena(), root);
    value.write(writer);
    b.set_default(f, cell);
  };
  set_default(user.field("name"), "nobody");
  set_default(user.field("vip"), true);
  set_default(user.field("ints"), {1, 2, 3});
  return std::move(b).build();
}

/// The message of the TypeError that `f` throws.
template <class F>
std::string error(F f) {
  try {
    f();
  } catch (const TypeError& e) {
    return e.message();
  }
  return "nothing was thrown";
}

}  // namespace sample
