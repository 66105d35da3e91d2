#pragma once

// What passes between the readers and writers of transcoding, one of each per protocol
// (tokens_binary.hpp, tokens_compact.hpp, tokens_tjson.hpp). They are templates' arguments, so that
// nothing is virtual.
//
// A reader stands at a place in the input, `p`, and its functions return false where they failed;
// what failed is noted in the DecodeState. `begin_list` and `begin_map` take what the schema says
// the container is, or nullptr. A writer stands at a place in the output, `q`; its
// `put_...` functions need room that has been made with `room`, the others make it themselves.

#include <cstring>
#include <thriftpp/schema/layout.hpp>

#include "protocol/decode_state.hpp"
#include "protocol/output.hpp"

namespace thrift::tokens {

using Place = const std::byte*;

struct Field {
  WireType type = WireType::stop;  ///< stop: the struct ends here.
  std::int16_t id = 0;
  bool flag = false;  ///< Compact: the value of a bool.
};

/// Of a list or set (`element` alone), or a map.
struct Container {
  WireType key = WireType::stop;
  WireType element = WireType::stop;
  std::uint32_t size = 0;
  bool mended = false;  ///< The header named other types: see follow_schema.
};

/// What a header claims its elements are gives way to what the schema says, if there is one: so
/// decoding reads them (Strictness::element_type), and what is written has to decode to the same.
inline void follow_schema(Container& container, const SlotLayout* slot) noexcept {
  if (slot == nullptr) return;
  container.mended = container.element != slot->element->wire;
  container.element = slot->element->wire;
  if (slot->key == nullptr) return;
  container.mended |= container.key != slot->key->wire;
  container.key = slot->key->wire;
}

/// What a reader and a writer have to remember of a struct while they are in it.
struct Frame {
  std::int16_t last_id = 0;  ///< Compact: of the field before.
  bool more = false;         ///< JSON: whether another field comes.
  bool any = false;          ///< JSON: whether a field has been written.
};

}  // namespace thrift::tokens
