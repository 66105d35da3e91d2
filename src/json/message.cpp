#include <algorithm>
#include <array>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/message.hpp>

#include "base/unknown_name.hpp"
#include "json/reader.hpp"

namespace thrift {
namespace {

const Function& find_function(const Service& service, std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return service.function(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

/// Of an exception the method is not looked up: that there is none of its name is what most of them
/// say.
const StructType& body_type(const MessageHeader& header, const Service& service) {
  switch (header.type) {
    case MessageType::call:
    case MessageType::oneway: return find_function(service, header.name).arguments();
    case MessageType::reply: return find_function(service, header.name).result();
    case MessageType::exception: break;
  }
  return application_exception_type();
}

constexpr std::array<std::string_view, 3> envelope_members{"method", "type", "seqid"};
constexpr std::array<std::string_view, 1> call_members{"args"};
constexpr std::array<std::string_view, 3> reply_members{"result", "exception", "error"};

/// What may stand beside the envelope in a message of that type.
std::span<const std::string_view> body_members(MessageType type) {
  const std::span<const std::string_view> replies(reply_members);
  switch (type) {
    case MessageType::call:
    case MessageType::oneway: return call_members;
    case MessageType::reply: return replies.first(2);
    case MessageType::exception: break;
  }
  return replies.last(1);
}

/// The member of a reply: "result" or "exception", or nothing.
void write_result(JsonWriter& w, ValueView result, const JsonOptions& options) {
  for (const auto [field, value] : result.fields()) {
    if (field.id() == 0) {
      w.key("result").raw(to_json(value, options));
    } else {
      w.key("exception").begin_object();
      w.key(field.name()).raw(to_json(value, options)).end_object();
    }
    return;  // a peer that sent more than one made a mistake: as everywhere the first one counts
  }
}

MessageType parse_message_type(JsonNode node) {
  if (node.is_string()) {
    for (const MessageType type :
         {MessageType::call, MessageType::reply, MessageType::exception, MessageType::oneway}) {
      if (node.text() == to_string(type)) return type;
    }
  }
  throw TypeError("type",
                  "expected `CALL`, `REPLY`, `EXCEPTION` or `ONEWAY`, got " + node.describe());
}

std::int32_t parse_sequence_id(JsonNode node) {
  const auto id = node.as_int64();
  if (!id || *id < INT32_MIN || *id > INT32_MAX) {
    throw TypeError("seqid", "expected an `i32`, got " + node.describe());
  }
  return static_cast<std::int32_t>(*id);
}

/// Every member of `object` is one of `envelope`, or the only one of `bodies`; none comes twice.
void check_members(JsonNode object, std::span<const std::string_view> envelope,
                   std::span<const std::string_view> bodies) {
  std::vector<std::string_view> names(envelope.begin(), envelope.end());
  names.insert(names.end(), bodies.begin(), bodies.end());
  std::vector<bool> came(names.size());
  std::string_view body;
  for (auto i = object.begin(); i != object.end(); ++i) {
    const std::string_view name = i.name();
    const auto known = std::ranges::find(names, name);
    if (known == names.end()) {
      throw_unknown_name({}, "no `" + std::string(name) + "` belongs here", name, names);
    }
    const auto which = static_cast<std::size_t>(known - names.begin());
    if (came[which]) throw TypeError("`" + std::string(name) + "` stands there twice");
    came[which] = true;
    if (std::ranges::find(bodies, name) == bodies.end()) continue;
    if (!body.empty()) {
      throw TypeError("`" + std::string(body) + "` and `" + std::string(name) +
                      "` exclude each other");
    }
    body = name;
  }
}

JsonNode member(JsonNode object, std::string_view name) {
  if (const auto found = object.find(name)) return *found;
  throw TypeError("a message has a `" + std::string(name) + "`, which is missing");
}

Value read_member(JsonNode node, const Type& type, std::string_view name,
                  const FromJsonOptions& options) {
  const BuildPath root;
  return JsonReader(options).read(node, type, BuildPath{&root, name, 0, 0});
}

/// The body of a reply: a value of the function's result.
Value read_result(JsonNode body, const Function& function, const FromJsonOptions& options) {
  Value out(function.result());
  if (const auto result = body.find("result")) {
    if (const Field* const success = function.success()) {
      out.ref()[*success] = read_member(*result, success->type(), "result", options);
    } else if (!result->is_null()) {
      throw TypeError("result", "`" + std::string(function.name()) + "` returns nothing, got " +
                                    result->describe());
    }
  } else if (const auto exception = body.find("exception")) {
    std::vector<std::string_view> names;
    for (const Field& field : function.exceptions()) names.push_back(field.name());
    if (!exception->is_object() || exception->size() != 1) {
      throw TypeError("exception",
                      "expected an object with one member, the exception's name in "
                      "`throws`, got " +
                          exception->describe());
    }
    const auto raised = exception->begin();
    const Field* const field = function.result().find_field(raised.name());
    if (field == nullptr || field->id() == 0) {
      throw_unknown_name(
          "exception",
          "`" + std::string(function.name()) + "` throws no `" + std::string(raised.name()) + "`",
          raised.name(), names);
    }
    const std::string place = "exception." + std::string(field->name());
    out.ref()[*field] = read_member(*raised, field->type(), place, options);
  }
  return out;
}

}  // namespace

std::string message_to_json(ProtocolId protocol, std::span<const std::byte> bytes,
                            const Service& service, const JsonOptions& json,
                            const DecodeOptions& decoding) {
  const ReadHeader read = read_message_header(protocol, bytes);
  const MessageHeader& header = read.header;
  const StructType& type = body_type(header, service);
  const std::span<const std::byte> body_bytes = message_body(protocol, bytes, read);
  Arena arena;
  ValueView body;
  try {
    body = decode(protocol, body_bytes, type, arena, decoding);
  } catch (const ProtocolError& error) {
    // decode counts from where the body starts
    const auto* const detail = error.failure().as<ProtocolErrorDetail>();
    throw ProtocolError(error.kind(), detail->problem, error.offset() + read.size, error.path());
  }

  JsonOptions one_line = json;
  one_line.indent = 0;
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("method").string(header.name).key("type").string(to_string(header.type));
  w.key("seqid").integer(header.sequence_id);
  switch (header.type) {
    case MessageType::call:
    case MessageType::oneway: w.key("args").raw(to_json(body, one_line)); break;
    case MessageType::reply: write_result(w, body, one_line); break;
    case MessageType::exception: w.key("error").raw(to_json(body, one_line)); break;
  }
  w.end_object();
  return out;
}

void message_from_json(std::string_view line, const Service& service, ProtocolId protocol,
                       Buffer& out, const FromJsonOptions& json, const EncodeOptions& encoding) {
  const JsonDocument document(line);
  const JsonNode root = document.root();
  if (!root.is_object()) throw TypeError("a message is an object, got " + root.describe());
  const JsonNode method = member(root, "method");
  if (!method.is_string()) throw TypeError("method", "expected a string, got " + method.describe());
  const MessageType type = parse_message_type(member(root, "type"));
  check_members(root, envelope_members, body_members(type));
  const auto seqid = root.find("seqid");
  const MessageHeader header{method.text(), type, seqid ? parse_sequence_id(*seqid) : 0};

  const auto body = [&]() -> Value {
    switch (type) {
      case MessageType::call:
      case MessageType::oneway:
        return read_member(member(root, "args"), body_type(header, service), "args", json);
      case MessageType::reply: return read_result(root, find_function(service, header.name), json);
      case MessageType::exception: break;
    }
    return read_member(member(root, "error"), body_type(header, service), "error", json);
  }();
  const std::size_t before = out.size();
  write_message_header(protocol, header, out);
  try {
    encode(protocol, body, out, encoding);
    write_message_end(protocol, out);
  } catch (...) {
    out.truncate(before);
    throw;
  }
}

Result<Value> reply_from_json(JsonNode body, const Function& function,
                              const FromJsonOptions& options) {
  if (!body.is_object()) throw TypeError("a reply is an object, got " + body.describe());
  check_members(body, {}, reply_members);
  if (const auto error = body.find("error")) {
    const Value given = read_member(*error, application_exception_type(), "error", options);
    const auto kind = given.has("type")
                          ? given["type"].as<std::int32_t>()
                          : static_cast<std::int32_t>(ApplicationErrorKind::internal_error);
    return make_failure<ApplicationErrorDetail>(static_cast<ApplicationErrorKind>(kind),
                                                given["message"].as<std::string>(), false);
  }
  return read_result(body, function, options);
}

std::string reply_to_json(ValueView result, const JsonOptions& options) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  write_result(w, result, options);
  w.end_object();
  return out;
}

std::string reply_to_json(const ApplicationError& error, const JsonOptions& options) {
  const Value given(
      application_exception_type(),
      {{"message", error.message()}, {"type", static_cast<std::int32_t>(error.kind())}});
  return "{\"error\":" + to_json(given, options) + "}";
}

}  // namespace thrift
