#include "rpc/dispatcher.hpp"

#include <algorithm>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/value/service_exception.hpp>

#include "base/backquoted.hpp"
#include "rpc/deferred_call.hpp"
#include "rpc/envelope.hpp"

namespace thrift::rpc {

namespace {

// The field of `throws` for that exception; names count too, because two exceptions may well agree
// in structure.
const Field* find_exception(const Function& function, const Type& type) {
  for (const Field& field : function.exceptions()) {
    if (&field.type() == &type) return &field;
  }
  for (const Field& field : function.exceptions()) {
    if (field.type().name() == type.name() && same_structure(field.type(), type)) return &field;
  }
  return nullptr;
}

}  // namespace

Dispatcher::Dispatcher(SchemaPtr schema, std::string_view service, ProcessorOptions options)
    : schema_(std::move(schema)),
      service_(schema_->service(service)),
      options_(std::move(options)) {
  options_.decode.alias_input = true;  // a message outlives its handler's call
  for (const Function* function : service_.all_functions()) {
    methods_.insert_or_assign(function->name(), Entry{function, {}, {}});
  }
}

void Dispatcher::set(const Function& function, Handler handler, const HandlerOptions& options) {
  methods_.at(function.name()) = {&function, std::move(handler), options};
}

void Dispatcher::set_any(Handler handler, const HandlerOptions& options) {
  any_ = std::move(handler);
  any_options_ = options;
}

void Dispatcher::add(std::string name, std::shared_ptr<const Dispatcher> other) {
  others_.emplace_back(std::move(name), std::move(other));
}

std::vector<const Function*> Dispatcher::missing() const {
  std::vector<const Function*> out;
  if (!any_) {
    for (const Function* function : service_.all_functions()) {
      if (!methods_.at(function->name()).handler) out.push_back(function);
    }
  }
  for (const auto& [name, other] : others_) {
    const std::vector<const Function*> theirs = other->missing();
    out.insert(out.end(), theirs.begin(), theirs.end());
  }
  return out;
}

bool Dispatcher::has_blocking() const noexcept {
  return (any_ && any_options_.blocking) ||
         std::any_of(others_.begin(), others_.end(),
                     [](const auto& other) { return other.second->has_blocking(); }) ||
         std::any_of(methods_.begin(), methods_.end(),
                     [](const auto& method) { return method.second.options.blocking; });
}

const Handler* Dispatcher::handler_of(const Entry& entry) const noexcept {
  if (entry.handler) return &entry.handler;
  return any_ ? &any_ : nullptr;
}

bool Dispatcher::is_blocking(const Incoming& incoming) const noexcept {
  if (incoming.entry == nullptr) return false;
  if (incoming.entry->handler) return incoming.entry->options.blocking;
  return incoming.service->any_ && incoming.service->any_options_.blocking;
}

Dispatcher::Incoming Dispatcher::begin(ProtocolId protocol, std::span<const std::byte> message,
                                       bool strict) const {
  const ReadHeader read = read_message_header(protocol, message, {.strict = strict});
  Incoming out{this,     read.header, read.header.name,
               nullptr,  message,     message_body(protocol, message, read),
               protocol, {}};
  const std::size_t colon = out.method.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view name = out.method.substr(0, colon);
    out.method.remove_prefix(colon + 1);
    const auto found = std::find_if(others_.begin(), others_.end(),
                                    [&](const auto& other) { return other.first == name; });
    if (found != others_.end()) {
      out.service = found->second.get();
    } else if (name != service_.name()) {
      out.unknown_service = name;
      return out;
    }
  }
  const auto method = out.service->methods_.find(out.method);
  if (method != out.service->methods_.end()) out.entry = &method->second;
  return out;
}

bool Dispatcher::expects_reply(const Incoming& incoming) noexcept {
  const bool oneway = incoming.entry != nullptr && incoming.entry->function->is_oneway();
  return incoming.header.type != MessageType::oneway && !oneway;
}

Dispatcher::Outcome Dispatcher::run_own(const Incoming& incoming, MessageContext* context,
                                        Deferral* deferral, Arena& arena, Buffer& out) const {
  const std::size_t start = out.size();
  const bool replies = expects_reply(incoming);
  CallOrigin origin{*this, incoming, context, deferral};
  if (has_events()) [[unlikely]] {
    origin.begun = std::chrono::steady_clock::now();
    tell_begin(incoming);
  }
  arena.reset();
  End end;
  Problem problem = answer(origin, replies, arena, out, end);
  if (end.deferred) [[unlikely]] {
    out.truncate(start);
    if (!origin.rendezvous) return Outcome::deferred;
    out.append(origin.rendezvous->take().bytes());
    return out.size() == start ? Outcome::nothing : Outcome::reply;
  }
  if (!replies) {
    out.truncate(start);
  } else {
    check_size(incoming, out.size() - start, problem);
    if (problem) [[unlikely]]
      write_problem(incoming, *problem, start, out);
  }
  if (has_events()) [[unlikely]] {
    tell_end(incoming, origin.begun, out.size() - start, problem, end.exception);
  }
  return replies ? Outcome::reply : Outcome::nothing;
}

void Dispatcher::check_size(const Incoming& incoming, std::size_t size, Problem& problem) const {
  if (problem || size <= options_.max_reply) return;
  problem = unexpected(*incoming.entry->function, "a reply of " + std::to_string(size) +
                                                      " bytes is over the limit of " +
                                                      std::to_string(options_.max_reply));
}

void Dispatcher::write_problem(const Incoming& incoming, const ApplicationProblem& problem,
                               std::size_t start, Buffer& out) const {
  out.truncate(start);
  write_envelope(incoming.protocol,
                 {incoming.method, MessageType::exception, incoming.header.sequence_id},
                 is_old_style(incoming.protocol, incoming.message), out);
  write_application_exception(incoming.protocol, problem, out);
  write_message_end(incoming.protocol, out);
}

std::unique_ptr<Call> Dispatcher::make_deferred(Deferred& deferred) const {
  const Incoming& incoming = deferred.incoming;
  const Function& function = *incoming.entry->function;
  Result<Decoded> arguments = try_decode_prefix(
      incoming.protocol, incoming.body, function.arguments(), deferred.arena, options_.decode);
  deferred.origin.emplace(CallOrigin{*this, incoming, &deferred.context, nullptr});
  const Call::Envelope envelope{incoming.protocol, incoming.header.sequence_id,
                                is_old_style(incoming.protocol, incoming.message), &options_.encode,
                                &*deferred.origin};
  return std::unique_ptr<Call>(new Call(function, arguments.value().value, envelope,
                                        expects_reply(incoming), deferred.arena, deferred.out));
}

bool Dispatcher::answer_deferred(Deferred& deferred, const Handler& step) const {
  const Incoming& incoming = deferred.incoming;
  const bool replies = expects_reply(incoming);
  Problem problem = call_handler(step, *deferred.call, false);
  if (!replies) {
    deferred.out.clear();
  } else {
    check_size(incoming, deferred.out.size(), problem);
    if (problem) write_problem(incoming, *problem, 0, deferred.out);
  }
  if (has_events()) {
    tell_end(incoming, deferred.begun, deferred.out.size(), problem, deferred.call->exception_);
  }
  return replies;
}

void Dispatcher::tell_begin(const Incoming& incoming) const noexcept {
  if (!options_.on_call_begin) return;
  try {
    options_.on_call_begin({.service = service_.name(),
                            .method = incoming.method,
                            .protocol = incoming.protocol,
                            .request_size = incoming.message.size()});
  } catch (...) {  // NOLINT(bugprone-empty-catch): it is told to throw nothing
  }
}

void Dispatcher::tell_end(const Incoming& incoming, std::chrono::steady_clock::time_point begun,
                          std::size_t reply_size, const Problem& problem,
                          bool exception) const noexcept {
  if (!options_.on_call_end) return;
  using Ended = CallEvent::Outcome;
  try {
    options_.on_call_end({.service = service_.name(),
                          .method = incoming.method,
                          .protocol = incoming.protocol,
                          .request_size = incoming.message.size(),
                          .reply_size = reply_size,
                          .duration = std::chrono::steady_clock::now() - begun,
                          .outcome = problem     ? Ended::error
                                     : exception ? Ended::exception
                                                 : Ended::result,
                          .error = problem ? problem->kind : ApplicationErrorKind::unknown});
  } catch (...) {  // NOLINT(bugprone-empty-catch): it is told to throw nothing
  }
}

Dispatcher::Problem Dispatcher::answer(CallOrigin& origin, bool expects_reply, Arena& arena,
                                       Buffer& out, End& end) const {
  using Kind = ApplicationErrorKind;
  const Incoming& incoming = origin.incoming;
  const MessageType type = incoming.header.type;
  if (type != MessageType::call && type != MessageType::oneway) {
    return ApplicationProblem{Kind::invalid_message_type, "a server takes CALL and ONEWAY, not " +
                                                              std::string(to_string(type))};
  }
  if (!incoming.unknown_service.empty()) {
    return ApplicationProblem{
        Kind::unknown_method,
        "there is no service " + backquoted(incoming.unknown_service) + " here"};
  }
  if (incoming.entry == nullptr) {
    return ApplicationProblem{
        Kind::unknown_method,
        "service " + backquoted(service_.name()) + " has no method " + backquoted(incoming.method)};
  }
  const Function& function = *incoming.entry->function;
  const Handler* const handler = handler_of(*incoming.entry);
  if (handler == nullptr) {
    return ApplicationProblem{Kind::unknown_method,
                              "method " + backquoted(function.name()) + " has no handler here"};
  }
  const Result<Decoded> arguments = try_decode_prefix(incoming.protocol, incoming.body,
                                                      function.arguments(), arena, options_.decode);
  if (!arguments) {
    return ApplicationProblem{Kind::protocol_error, "arguments of " + backquoted(function.name()) +
                                                        ": " + arguments.error().message()};
  }
  if (arguments->consumed != incoming.body.size()) {
    return ApplicationProblem{Kind::protocol_error,
                              "arguments of " + backquoted(function.name()) + ": " +
                                  std::to_string(incoming.body.size() - arguments->consumed) +
                                  " bytes are left behind them"};
  }
  const Call::Envelope envelope{incoming.protocol, incoming.header.sequence_id,
                                is_old_style(incoming.protocol, incoming.message), &options_.encode,
                                &origin};
  Call call(function, arguments->value, envelope, expects_reply, arena, out);
  Problem problem = call_handler(*handler, call, true);
  end = {call.deferred(), call.exception_};
  return problem;
}

// Middleware i, and all that is inside of it.
void Dispatcher::run_handler(const Handler& handler, Call& call, std::size_t middleware) const {
  if (middleware == middleware_.size()) return handler(call);
  middleware_[middleware](call, [&] { run_handler(handler, call, middleware + 1); });
}

Dispatcher::Problem Dispatcher::call_handler(const Handler& handler, Call& call,
                                             bool with_middleware) const {
  const Function& function = call.function();
  try {
    try {
      if (middleware_.empty() || !with_middleware) [[likely]] {
        handler(call);
      } else {
        run_handler(handler, call, 0);
      }
      if (call.deferred()) return std::nullopt;
      if (!call.replied() && function.success() != nullptr) {
        return ApplicationProblem{ApplicationErrorKind::missing_result,
                                  backquoted(function.name()) + " returned no result"};
      }
      if (!call.replied()) call.reply_void();
      return std::nullopt;
    } catch (const ServiceException& e) {
      const Field* const field = find_exception(function, e.type());
      if (field == nullptr) return unexpected(function, "undeclared exception " + e.message());
      call.reply_exception(*field, e.value());
      return std::nullopt;
    }
  } catch (const ApplicationError& e) {
    // One that a peer of ours sent is that peer's business, not the caller's.
    if (e.from_peer()) return unexpected(function, e.message());
    return ApplicationProblem{e.kind(), e.message()};
  } catch (const std::exception& e) {
    return unexpected(function, e.what());
  } catch (...) {
    return unexpected(function, "an exception of unknown type");
  }
}

ApplicationProblem Dispatcher::unexpected(const Function& function, std::string_view text) const {
  try {
    if (options_.on_error) options_.on_error(function.name(), text);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the caller still gets its answer
  }
  std::string message = "internal error in " + backquoted(function.name());
  if (options_.expose_errors) message.append(": ").append(text);
  return {ApplicationErrorKind::internal_error, std::move(message)};
}

}  // namespace thrift::rpc
