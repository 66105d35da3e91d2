// What to say about bytes that are odd, where they are not allowed to be: see strictness.hpp.

#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/struct_type.hpp>

#include "base/backquoted.hpp"
#include "protocol/decode_state.hpp"

namespace thrift {
namespace {

std::string field_name(const StructLayout& layout, const FieldLayout& field) {
  return backquoted(layout.type->fields()[field.index].name());
}

std::string described(WireType type) {
  return std::string(to_string(type)) + " (" + std::to_string(static_cast<unsigned>(type)) +
         ") on the wire";
}

}  // namespace

DecodeState::Place DecodeState::wrong_element_type(Place p, const SlotLayout& container,
                                                   WireType key, WireType element) {
  const bool is_map = container.op == SlotOp::map;
  const bool key_is_wrong = is_map && key != container.key->wire;
  const SlotLayout& wanted = key_is_wrong ? *container.key : *container.element;
  return fail(ProtocolErrorKind::invalid_data, p,
              std::string("the ") +
                  (key_is_wrong ? "keys"
                   : is_map     ? "values"
                                : "elements") +
                  " of " + backquoted(container.type->name()) + " are " +
                  described(key_is_wrong ? key : element) + ", not " +
                  std::string(to_string(wanted.wire)));
}

DecodeState::Place DecodeState::wrong_field_type(Place p, const StructLayout& layout,
                                                 const FieldLayout& field, WireType got) {
  fail(ProtocolErrorKind::invalid_data, p,
       "field " + field_name(layout, field) + " of " + backquoted(layout.type->name()) + " is " +
           described(got) + ", not " + std::string(to_string(field.wire)));
  return in_field(layout, field);
}

DecodeState::Place DecodeState::duplicate_field(Place p, const StructLayout& layout,
                                                const FieldLayout& field) {
  fail(ProtocolErrorKind::invalid_data, p,
       "field " + field_name(layout, field) + " of " + backquoted(layout.type->name()) +
           " comes twice");
  return in_field(layout, field);
}

DecodeState::Place DecodeState::odd_union(Place p, const StructLayout& layout, bool several) {
  return fail(ProtocolErrorKind::invalid_data, p,
              "union " + backquoted(layout.type->name()) +
                  (several ? " has more than one member" : " has no member that its type knows"));
}

DecodeState::Place DecodeState::unknown_enum(Place p, const Type& type, std::int32_t number) {
  return fail(ProtocolErrorKind::invalid_data, p,
              "enum " + backquoted(type.name()) + " has no value " + std::to_string(number));
}

DecodeState::Place DecodeState::invalid_utf8(Place p, const StringSlot& text) {
  return fail(ProtocolErrorKind::invalid_data, p,
              "a string of " + std::to_string(text.size) + " bytes is not UTF-8");
}

DecodeState::Place DecodeState::varint_overflow(Place p, unsigned bits) {
  return fail(ProtocolErrorKind::invalid_data, p,
              "a number does not fit into " + std::to_string(bits) + " bits");
}

DecodeState::Place DecodeState::odd_root(Place p, const Type& type) {
  return fail(
      ProtocolErrorKind::invalid_data, p,
      "the whole " + backquoted(type.name()) + " is odd: there is nothing to leave it out of");
}

bool DecodeState::knows_enum(const Type& type, std::int32_t number) noexcept {
  return type.as_enum().find(number) != nullptr;
}

bool DecodeState::is_text(const StringSlot& text) noexcept {
  return is_utf8(text.view());
}

}  // namespace thrift
