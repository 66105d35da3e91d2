// A server's connection is fed with any bytes: cut anyhow, it answers the same; it never crashes,
// hangs, or answers what was not asked. The first two bytes choose options and cut.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thriftpp/rpc/session.hpp>
#include <thriftpp/schema/schema_builder.hpp>

namespace {

using namespace thrift;

SchemaPtr make_schema() {
  SchemaBuilder b;
  Program& p = b.add_program("fuzz", "fuzz.thrift");
  StructType& node = b.add_struct(p, "Node", TypeKind::struct_);
  StructType& refused = b.add_struct(p, "Refused", TypeKind::exception);
  const Type& text = base_type(TypeKind::string);
  b.define(node,
           {{.id = 1, .name = "id", .type = text, .requiredness = Requiredness::required},
            {.id = 2, .name = "children", .type = b.list_of(node)},
            {.id = 3, .name = "counts", .type = b.map_of(text, base_type(TypeKind::i64))},
            {.id = 4, .name = "flags", .type = b.set_of(base_type(TypeKind::bool_))},
            {.id = -1, .name = "x", .type = base_type(TypeKind::double_), .explicit_id = false}});
  b.define(refused, {{.id = 1, .name = "why", .type = text}});
  Service& service = b.add_service(p, "S");
  b.define(service, nullptr,
           {{.name = "p", .returns = base_type(TypeKind::void_), .arguments = {}},
            {.name = "echo",
             .returns = node,
             .arguments = {{.id = 1, .name = "n", .type = node}},
             .exceptions = {{.id = 1, .name = "refused", .type = refused}}},
            {.name = "note",
             .returns = base_type(TypeKind::void_),
             .arguments = {{.id = -1, .name = "t", .type = text, .explicit_id = false}},
             .oneway = true}});
  b.lay_out();
  return std::move(b).build();
}

const Processor& processor() {
  static const Processor one = [] {
    const SchemaPtr schema = make_schema();
    Processor p(schema, "S");
    p.on("p", [] {});
    p.on("echo", [schema](ValueView n) {
      if (n["id"].size() == 3) {
        throw ServiceException(Value(schema->type("Refused"), {{"why", n["id"]}}));
      }
      return n;
    });
    p.on("note", [](std::string_view) {});
    return p;
  }();
  return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  SessionOptions options;
  if ((data[0] & 3) == 1) options.framing = Framing::buffered;
  if ((data[0] & 3) == 2) options.framing = Framing::framed;
  if ((data[0] & 4) != 0) options.max_frame = options.max_message = 200;
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data + 2, size - 2));

  Session at_once(processor(), options);
  Buffer out;
  const bool open = at_once.receive(bytes, out);
  if (open && !at_once.problem().empty()) std::abort();

  // The same in pieces. What was answered before the stream went wrong is the same too.
  const std::size_t piece = data[1] % 16 + 1U;
  Session in_pieces(processor(), options);
  Buffer pieces;
  bool still_open = true;
  for (std::size_t i = 0; i < bytes.size() && still_open; i += piece) {
    still_open = in_pieces.receive(bytes.subspan(i, std::min(piece, bytes.size() - i)), pieces);
  }
  // HTTP may ask for the body in between or refuse a head earlier, and what zlib writes depends on
  // where it is flushed.
  if (!out.empty() && (out.text().starts_with("HTTP") || out.text().starts_with("\x78"))) return 0;
  if (!pieces.empty() && (pieces.text().starts_with("HTTP") || pieces.text().starts_with("\x78"))) {
    return 0;
  }
  if (still_open != open) std::abort();
  if (pieces.size() != out.size() ||
      (!out.empty() && std::memcmp(pieces.data(), out.data(), out.size()) != 0)) {
    std::abort();
  }

  // One message without a stream around it.
  Buffer reply;
  try {
    (void)processor().process(ProtocolId::binary, bytes, reply);
  } catch (const ProtocolError&) {
    if (!reply.empty()) std::abort();
  }
  return 0;
}
