#include "protocol/walk.hpp"

#include <thriftpp/schema/type.hpp>

namespace thrift {

bool take_odd_container(DecodeState& state, Place p, const SlotLayout& slot,
                        ContainerHeader& header, bool& left_out) {
  switch (state.strictness().element_type) {
    case Reaction::keep:
      header.element = slot.element->wire;
      if (slot.key != nullptr) header.key = slot.key->wire;
      return true;
    case Reaction::skip: left_out = true; return true;
    case Reaction::error: break;
  }
  const bool keys = slot.key != nullptr && header.key != slot.key->wire;
  state.fail(ProtocolErrorKind::invalid_data, p,
             "the " + std::string(keys ? "keys" : "elements") + " of `" +
                 std::string(slot.type->name()) + "` are " +
                 std::string(to_string(keys ? header.key : header.element)) + " on the wire, not " +
                 std::string(to_string(keys ? slot.key->wire : slot.element->wire)));
  return false;
}

}  // namespace thrift
