#include "gateway/reply.hpp"

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/protocol/wire_value.hpp>

#include "base/backquoted.hpp"
#include "protocol/compact.hpp"
#include "rpc/application_exception.hpp"

namespace thrift::gateway {

namespace {

constexpr int default_exception_status = 500;

// As the only field of a result usually lies: its header, its bytes, the stop. Whether that is so
// turns out when the bytes are read; nothing where it cannot be.
std::optional<ResultPart> guess_part(ProtocolId protocol, std::span<const std::byte> body,
                                     const StructType& type) {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(body[i]); };
  std::size_t header = 0;
  std::int32_t id = 0;
  if (protocol == ProtocolId::binary) {
    if (body.size() < 5 || body.back() != std::byte{0}) return std::nullopt;
    header = 3;
    id = static_cast<std::int16_t>(at(1) << 8 | at(2));
    const Field* const field = type.find_field(id);
    if (field == nullptr || at(0) != static_cast<unsigned>(field->layout().wire)) {
      return std::nullopt;
    }
  } else {
    if (body.size() < 3 || body.back() != std::byte{0}) return std::nullopt;
    header = (at(0) >> 4) != 0 ? 1 : 2;
    id = static_cast<std::int32_t>(at(0) >> 4);
    if (id == 0) {
      if (at(1) >= 0x80) return std::nullopt;
      id = static_cast<std::int32_t>(at(1) >> 1) ^ -static_cast<std::int32_t>(at(1) & 1);
    }
    const Field* const found = type.find_field(id);
    // a bool is in the header
    if (found == nullptr || found->layout().wire == WireType::bool_ ||
        compact::wire_type(at(0)) != found->layout().wire) {
      return std::nullopt;
    }
  }
  return ResultPart{type.find_field(id), body.subspan(header, body.size() - header - 1), {}};
}

std::string header_text(ValueView value, const JsonOptions& json) {
  if (value.type().is_string()) {
    if (value.type().kind() == TypeKind::string) return std::string(value.as<std::string_view>());
  }
  std::string text = to_json(value, json);
  if (text.size() >= 2 && text.front() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

/// Spreads a struct over the response; `out` gets what is left for the body.
void write_shaped(ValueView value, const ResponseShape& shape, const JsonOptions& json,
                  Answer& answer, std::string& out) {
  JsonOptions plain = json;
  plain.indent = 0;
  JsonOptions strings = plain;
  strings.int64 = JsonOptions::Int64::string;
  std::string whole;
  JsonWriter w(out, json.indent);
  w.begin_object();
  for (const Binding& binding : shape.bindings) {
    if (!value.has(*binding.field)) continue;
    const ValueView field = value[*binding.field];
    switch (binding.location) {
      case Location::status: {
        const auto status = field.as<std::int64_t>();
        if (status >= 200 && status <= 599) answer.status = static_cast<int>(status);
        break;
      }
      case Location::header:
        answer.headers.emplace_back(binding.name, header_text(field, plain));
        break;
      case Location::whole_body: whole = to_json(field, binding.js_conv ? strings : plain); break;
      case Location::none: break;
      default: w.key(binding.name).raw(to_json(field, binding.js_conv ? strings : plain)); break;
    }
  }
  w.end_object();
  if (!whole.empty()) out = std::move(whole);
}

void write_value(const ResultPart& part, ProtocolId protocol, const JsonOptions& json,
                 Buffer& out) {
  if (part.in_header) {
    out.append(std::string_view(*part.in_header ? "true" : "false"));
  } else {
    to_json(protocol, part.bytes, part.field->type(), out, json);
  }
}

void write_exception(const ResultPart& part, ProtocolId protocol, const Answer& answer,
                     const JsonOptions& json, Buffer& out) {
  std::string head;
  append_json_string(head, answer.exception);
  out.append("{\"error\":{\"name\":");
  out.append(head);
  out.append(",\"status\":");
  out.append(std::to_string(answer.status));
  out.append(",\"exception\":");
  write_value(part, protocol, json, out);
  out.append("}}");
}

[[noreturn]] void raise_application(const rpc::RawReply& reply) {
  rpc::ApplicationProblem problem = rpc::read_application_exception(reply.protocol, reply.body);
  if (problem.message.empty()) problem.message = to_string(problem.kind);
  throw ApplicationError(problem.kind, std::move(problem.message), true);
}

// What the field for the status says does not count; it stays out of the body all the same.
void ignore_status(ResponseShape& shape) {
  for (Binding& binding : shape.bindings) {
    if (binding.location == Location::status) binding.location = Location::none;
  }
}

Answer answer_part(const Route& route, const ReplyPlan& plan, const ResultPart& part,
                   ProtocolId protocol, const JsonOptions& json, Buffer& out) {
  Answer answer;
  answer.status = plan.status;
  const std::optional<ResponseShape>* shape = &plan.result_shape;
  if (part.field == nullptr) {
    if (!route.function->is_void()) {
      throw ApplicationError(
          ApplicationErrorKind::missing_result,
          backquoted(route.function->name()) + ": the upstream answered without a result");
    }
    out.append("null");
    return answer;
  }
  if (part.field->id() != 0) {
    const auto raised =
        std::ranges::find(plan.exceptions, part.field, &ReplyPlan::Exception::field);
    answer.status = raised->status;
    answer.exception = part.field->type().name();
    shape = &raised->shape;
  }
  if (*shape) {
    const WireValue bytes(protocol, part.bytes, part.field->type());
    const Value value = bytes.decode();
    std::string text;
    write_shaped(value.view(), **shape, json, answer, text);
    if (answer.exception.empty()) {
      out.append(std::string_view(text));
    } else {
      std::string all = "{\"error\":{\"name\":";
      append_json_string(all, answer.exception);
      all += ",\"status\":" + std::to_string(answer.status) + ",\"exception\":" + text + "}}";
      out.append(std::string_view(all));
    }
  } else if (answer.exception.empty()) {
    write_value(part, protocol, json, out);
  } else {
    write_exception(part, protocol, answer, json, out);
  }
  return answer;
}

}  // namespace

std::optional<int> mapped_status(const Field& exception, const ExceptionStatuses& statuses) {
  const auto found = std::ranges::find_if(statuses, [&](const auto& entry) {
    return entry.first == exception.type().name() ||
           entry.first == qualified_name(exception.type());
  });
  if (found == statuses.end()) return std::nullopt;
  return found->second;
}

ReplyPlan make_reply_plan(const Route& route, const ExceptionStatuses& statuses) {
  ReplyPlan out;
  const Function& function = *route.function;
  out.status = function.is_oneway() ? 202 : fixed_status(function).value_or(200);
  if (!route.direct) out.result_shape = response_shape(function.return_type());
  for (const Field& field : function.exceptions()) {
    ReplyPlan::Exception exception{&field, default_exception_status, {}};
    if (!route.direct) exception.shape = response_shape(field.type());
    if (const auto mapped = mapped_status(field, statuses)) {
      exception.status = *mapped;
      if (exception.shape) ignore_status(*exception.shape);
    } else if (const auto fixed = fixed_status(field)) {
      exception.status = *fixed;
    }
    out.exceptions.push_back(std::move(exception));
  }
  return out;
}

ResultPart split_result(ProtocolId protocol, std::span<const std::byte> body,
                        const Function& function) {
  const std::size_t end = skip(protocol, body, WireType::struct_);
  if (end != body.size()) {
    throw ProtocolError(ProtocolErrorKind::trailing_bytes,
                        std::to_string(body.size() - end) + " bytes are left behind the result",
                        end);
  }
  ResultPart out;
  const WireValue result(protocol, body, function.result());
  for (const WireField& field : result.fields()) {
    if (field.field == nullptr || out.field != nullptr) continue;  // of several the first counts
    out.field = field.field;
    out.bytes = field.value.bytes();
    out.in_header = field.value.in_header();
  }
  return out;
}

Answer answer_reply(const Route& route, const ReplyPlan& plan, const rpc::RawReply& reply,
                    const JsonOptions& json, Buffer& out) {
  if (reply.is_exception) raise_application(reply);
  if (route.function->is_oneway()) {
    out.append("null");
    Answer answer;
    answer.status = plan.status;
    return answer;
  }
  const std::size_t before = out.size();
  if (reply.protocol != ProtocolId::binary && reply.protocol != ProtocolId::compact) {
    // Only those two can be taken apart as bytes: the others go by way of binary.
    const Value value = decode(reply.protocol, reply.body, route.function->result());
    const Buffer bytes = encode(ProtocolId::binary, value);
    const ResultPart part = split_result(ProtocolId::binary, bytes, *route.function);
    return answer_part(route, plan, part, ProtocolId::binary, json, out);
  }
  if (const auto part = guess_part(reply.protocol, reply.body, route.function->result())) {
    try {
      return answer_part(route, plan, *part, reply.protocol, json, out);
    } catch (const ProtocolError&) {
      out.truncate(before);  // it is odd: the long way tells whether it is wrong
    }
  }
  const ResultPart part = split_result(reply.protocol, reply.body, *route.function);
  return answer_part(route, plan, part, reply.protocol, json, out);
}

}  // namespace thrift::gateway
