#pragma once

// What the codec's fuzzers share: the types that they read, and what has to hold of any bytes.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thriftpp/protocol/message.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/schema/schema_builder.hpp>

namespace codec_fuzz {

using namespace thrift;

struct Types {
  Types();
  SchemaPtr schema;
  std::vector<const Type*> all;
};

/// A default of these bytes for a field whose cell they are.
template <class T>
void set_default(SchemaBuilder& b, const StructType& type, std::string_view field, const T& value) {
  const Field& found = *type.find_field(field);
  std::byte* const cell = b.new_cell(found.type());
  std::memcpy(cell, &value, sizeof(value));
  b.set_default(found, cell);
}

/// A struct with every kind of field, a union, recursion, sparse ids, more than 64 fields, none,
/// defaults of every requiredness, sets of sets.
inline Types::Types() {
  SchemaBuilder b;
  Program& p = b.add_program("fuzz", "fuzz.thrift");
  StructType& every = b.add_struct(p, "Every", TypeKind::struct_);
  StructType& inner = b.add_struct(p, "Inner", TypeKind::struct_);
  StructType& choice = b.add_struct(p, "Choice", TypeKind::union_);
  StructType& wide = b.add_struct(p, "Wide", TypeKind::struct_);
  StructType& empty = b.add_struct(p, "Empty", TypeKind::struct_);
  StructType& preset = b.add_struct(p, "Preset", TypeKind::struct_);
  EnumType& color = b.add_enum(p, "Color");
  b.define(empty, {});
  b.define(color, {{.name = "RED", .number = 1}, {.name = "DEEP", .number = -5}});
  b.define(preset, {{.id = 1,
                     .name = "must",
                     .type = base_type(TypeKind::i32),
                     .requiredness = Requiredness::required},
                    {.id = 2, .name = "n", .type = base_type(TypeKind::i64)},
                    {.id = 3,
                     .name = "real",
                     .type = base_type(TypeKind::double_),
                     .requiredness = Requiredness::optional},
                    {.id = 4, .name = "color", .type = color},
                    {.id = 5, .name = "inner", .type = inner}});
  b.define(inner, {{.id = 1,
                    .name = "key",
                    .type = base_type(TypeKind::string),
                    .requiredness = Requiredness::required},
                   {.id = 30000, .name = "n", .type = base_type(TypeKind::i64)}});
  b.define(choice, {{.id = 0, .name = "empty", .type = empty},
                    {.id = 1, .name = "number", .type = base_type(TypeKind::i32)},
                    {.id = 2, .name = "text", .type = base_type(TypeKind::string)},
                    {.id = 3, .name = "every", .type = every}});
  std::vector<FieldSpec> fields;
  std::vector<std::string> names(70);
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = "f" + std::to_string(i);
    const bool required = i == 3 || i == 69;
    fields.push_back({.id = static_cast<std::int16_t>(i),
                      .name = names[i],
                      .type = base_type(TypeKind::i8),
                      .requiredness = required ? Requiredness::required : Requiredness::optional});
  }
  b.define(wide, fields);
  fields.clear();
  const auto add = [&](const Type& type) {
    const std::size_t i = fields.size();
    fields.push_back({.id = static_cast<std::int16_t>(i), .name = names[i], .type = type});
  };
  const Type& string = base_type(TypeKind::string);
  for (const TypeKind kind : {TypeKind::bool_, TypeKind::i8, TypeKind::i16, TypeKind::i32,
                              TypeKind::i64, TypeKind::double_, TypeKind::string, TypeKind::uuid}) {
    add(base_type(kind));
    add(b.list_of(base_type(kind)));
    add(b.set_of(base_type(kind)));
    add(b.map_of(base_type(kind), string));
  }
  add(every);
  add(inner);
  add(choice);
  add(wide);
  add(b.list_of(every));
  add(b.map_of(string, inner));
  add(b.map_of(inner, choice));
  add(b.list_of(b.list_of(b.map_of(base_type(TypeKind::i8), b.set_of(string)))));
  fields.push_back({.id = 256, .name = "empty", .type = empty});
  fields.push_back({.id = 257, .name = "preset", .type = preset});
  fields.push_back({.id = 258, .name = "presets", .type = b.set_of(preset)});
  fields.push_back({.id = 259, .name = "color", .type = color});
  fields.push_back({.id = 260, .name = "colors", .type = b.map_of(color, b.list_of(color))});
  fields.push_back(
      {.id = 261, .name = "nested", .type = b.set_of(b.set_of(b.set_of(base_type(TypeKind::i8))))});
  fields.push_back({.id = 262,
                    .name = "by_map",
                    .type = b.map_of(b.map_of(string, b.set_of(string)), b.set_of(inner))});
  b.define(every, fields);
  b.lay_out();
  set_default(b, preset, "must", std::int32_t{5});
  set_default(b, preset, "n", std::int64_t{-1});
  set_default(b, preset, "real", 0.5);
  set_default(b, preset, "color", std::int32_t{-5});
  set_default(b, inner, "n", std::int64_t{1});
  all = {&every,
         &inner,
         &choice,
         &wide,
         &b.list_of(every),
         &b.map_of(string, every),
         &b.list_of(string),
         &base_type(TypeKind::uuid)};
  schema = std::move(b).build();
}

inline const Types& types() {
  static const Types all;
  return all;
}

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// The size of the value as skip finds it; SIZE_MAX where it refuses.
inline std::size_t skipped(ProtocolId protocol, std::span<const std::byte> bytes, WireType type) {
  try {
    return skip(protocol, bytes, type);
  } catch (const ProtocolError&) {
    return SIZE_MAX;
  }
}

/// Nine reactions from a number: a digit to the base of three for each.
inline Strictness strictness_of(unsigned number) {
  Strictness made;
  for (Reaction* reaction : {&made.element_type, &made.field_type, &made.missing_required,
                             &made.union_members, &made.unknown_enum, &made.invalid_utf8,
                             &made.duplicate_field, &made.varint_overflow, &made.trailing_bytes}) {
    *reaction = static_cast<Reaction>(number % 3);
    number /= 3;
  }
  return made;
}

/// The value in the other protocol reads as the same one.
inline void check_other(ProtocolId protocol, ValueView value, std::size_t max_memory) {
  const ProtocolId other =
      protocol == ProtocolId::binary ? ProtocolId::compact : ProtocolId::binary;
  const Buffer bytes = encode(other, value);
  DecodeOptions lenient;
  lenient.max_memory = max_memory;
  const Value again = decode(other, bytes.bytes(), value.type(), lenient);
  require(again == value, "the value is the same in the other protocol");
}

/// What is told of the bytes where they are not a value; nothing where they are.
template <class Decode>
std::string error_of(const Decode& decode) {
  try {
    (void)decode();
    return {};
  } catch (const ProtocolError& e) {
    // How much memory a value takes depends on how its bytes are held.
    return e.kind() == ProtocolErrorKind::size_limit ? "a limit" : e.what();
  }
}

/// Bytes that are copied, viewed or taken over are the same value, or wrong in the same way,
/// whatever lies behind them.
inline void check_held(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                       DecodeOptions options) {
  options.max_memory = std::size_t{1} << 24;
  options.alias_input = true;
  const std::string viewed = error_of([&] { return decode(protocol, bytes, type, options); });
  Buffer buffer(bytes);
  buffer.append(bytes);
  buffer.truncate(bytes.size());
  const std::string owned =
      error_of([&] { return decode(protocol, std::move(buffer), type, options); });
  options.alias_input = false;
  const std::string copied = error_of([&] { return decode(protocol, bytes, type, options); });
  require(viewed == copied, "viewed and copied are wrong in the same way");
  require(viewed == owned, "viewed and taken over are wrong in the same way");
}

/// Bytes as a value of a type. What has to hold: no crash, no read past the end, no more memory
/// than allowed; what decodes is as long as skip finds it; encoding what was decoded gives bytes
/// that decode to an equal value and encode to the same bytes again; strings copied or viewed make
/// no difference.
inline void check_value(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                        const DecodeOptions& options) {
  Arena arena;
  const auto decoded = try_decode_prefix(protocol, bytes, type, arena, options);
  // Blocks double, so what is taken from the system is at most about twice what was allowed.
  const std::size_t most_memory = 2 * (64 * bytes.size() + 65536);
  require(arena.used() <= most_memory, "memory stays inside the budget");
  if (!decoded) return;
  require(decoded->consumed <= bytes.size(), "a value ends within its bytes");
  // A container that is read as the schema says is not as long as its header says.
  if (options.strictness.element_type != Reaction::keep) {
    require(skipped(protocol, bytes, type.slot().wire) == decoded->consumed,
            "skip finds the same size");
  }
  Buffer once;
  try {
    encode(protocol, decoded->value, once);
  } catch (const TypeError&) {
    return;  // a union without a member, a required field that was allowed to be missing
  }
  DecodeOptions other = options;
  other.alias_input = !options.alias_input;
  // Behind the value there may have been more bytes, for which it was allowed more memory.
  other.max_memory = most_memory;
  const ValueView again = decode(protocol, once.bytes(), type, arena, other);
  // A required field that was missing is written with its default, and is there from then on.
  const bool all_there = options.strictness.missing_required == Reaction::error;
  if (all_there) {
    require(again == decoded->value, "what was encoded decodes to an equal value");
    require(again.hash() == decoded->value.hash(), "equal values have equal hashes");
  }
  const Buffer twice = encode(protocol, again);
  require(twice.text() == once.text(), "and encodes to the same bytes again");
  require(skipped(protocol, once, type.slot().wire) == once.size(),
          "skip finds the size of what was encoded");
  // Unknown fields are part of a value, and are written in their own protocol only.
  const bool keeps_fields =
      options.keep_unknown_fields || options.strictness.field_type == Reaction::keep;
  if (!keeps_fields) check_other(protocol, again, most_memory);
}

/// Bytes as a stream of messages.
inline void check_message(ProtocolId protocol, std::span<const std::byte> bytes) {
  MessageScanner whole(protocol, 1 << 20);
  MessageScanner pieces(protocol, 1 << 20);
  std::size_t found = 0, found_in_pieces = 0;
  bool refused = false, refused_in_pieces = false;
  try {
    found = whole.scan(bytes);
  } catch (const ProtocolError&) {
    refused = true;
  }
  try {
    for (std::size_t n = 0; n <= bytes.size() && found_in_pieces == 0; ++n) {
      found_in_pieces = pieces.scan(bytes.first(n));
    }
  } catch (const ProtocolError&) {
    refused_in_pieces = true;
  }
  require(refused == refused_in_pieces && found == found_in_pieces,
          "a message is found in pieces as it is as a whole");
  const auto header = try_read_message_header(protocol, bytes);
  if (!header || found == 0) return;
  const std::size_t body = skipped(protocol, bytes.subspan(header->size), WireType::struct_);
  // In JSON a bracket closes the message, and white space may stand before it.
  const bool agrees =
      protocol == ProtocolId::json ? body + header->size < found : body + header->size == found;
  require(body == SIZE_MAX || agrees, "the scanner agrees with skip");
}

/// The first byte chooses type and options; with its highest bit two more choose the strictness.
inline void check(ProtocolId protocol, const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const unsigned choice = data[0];
  std::span bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  DecodeOptions options;
  options.keep_unknown_fields = (choice & 8) != 0;
  options.alias_input = (choice & 16) != 0;
  if ((choice & 32) != 0) options.strictness.missing_required = Reaction::keep;
  options.strictness.element_type = Reaction::error;  // or skip could not follow
  if ((choice & 128) != 0 && bytes.size() >= 2) {
    options.strictness = strictness_of(data[1] * 256U + data[2]);
    bytes = bytes.subspan(2);
  }
  if ((choice & 64) != 0) check_message(protocol, bytes);
  check_held(protocol, bytes, *types().all[choice % 8], options);
  check_value(protocol, bytes, *types().all[choice % 8], options);
}

}  // namespace codec_fuzz
