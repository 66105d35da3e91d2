// From JSON text to the wire: past values where the text is plain, through one where it is not.

#include "json/json_to_wire.hpp"

#include "json/structure.hpp"
#include "protocol/codec.hpp"

namespace thrift {
namespace {

/// Whether all of it was plain, and stands in `out` now.
bool write(std::string_view text, const Type& type, ProtocolId protocol, Buffer& out,
           const FromJsonOptions& json, const EncodeOptions& encoding) {
  if (encoding.field_order != EncodeOptions::FieldOrder::by_id) return false;
  if (protocol != ProtocolId::binary && protocol != ProtocolId::compact) return false;
  if (find_codec(protocol) == nullptr) return false;
  const JsonStructure structure = find_structure(text);
  if (structure.count == 0) return false;
  TextOut bytes(out);
  const char* const end = protocol == ProtocolId::binary
                              ? json_to_wire::Writer<wire_out::Binary>(text, bytes, json, encoding)
                                    .write(structure, type)
                              : json_to_wire::Writer<wire_out::Compact>(text, bytes, json, encoding)
                                    .write(structure, type);
  if (end == nullptr) return false;
  bytes.finish(end);
  return true;
}

}  // namespace

void from_json(std::string_view text, const Type& type, ProtocolId protocol, Buffer& out,
               const FromJsonOptions& json, const EncodeOptions& encoding) {
  if (write(text, type, protocol, out, json, encoding)) return;
  const Value value = from_json(text, type, json);
  encode(protocol, value, out, encoding);
}

Buffer from_json(std::string_view text, const Type& type, ProtocolId protocol,
                 const FromJsonOptions& json, const EncodeOptions& encoding) {
  Buffer out;
  from_json(text, type, protocol, out, json, encoding);
  return out;
}

}  // namespace thrift
