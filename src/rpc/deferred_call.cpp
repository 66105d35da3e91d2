#include "rpc/deferred_call.hpp"

#include "rpc/conversation.hpp"

namespace thrift {

namespace rpc {

void Deferred::answer(const std::function<void(Call&)>& step) {
  Finished finished{.sequence_id = incoming.header.sequence_id, .reply = {}, .headers = {}};
  try {
    const bool has_reply = dispatcher->answer_deferred(*this, step);
    if (rendezvous) return rendezvous->put(has_reply ? std::move(out) : Buffer());
    if (has_reply) frame_reply(incoming, context, out.bytes(), finished.reply);
    finished.headers = std::move(context.reply);
  } catch (const std::exception&) {
    finished.failed = true;
    if (rendezvous) return rendezvous->put({});
  }
  completion(std::move(finished));
}

}  // namespace rpc

DeferredCall::DeferredCall(std::unique_ptr<rpc::Deferred> state) noexcept
    : state_(std::move(state)) {}
DeferredCall::DeferredCall(DeferredCall&&) noexcept = default;

DeferredCall& DeferredCall::operator=(DeferredCall&& other) noexcept {
  if (this != &other) {
    DeferredCall old(std::move(*this));  // is answered, if it was not
    state_ = std::move(other.state_);
  }
  return *this;
}

DeferredCall::~DeferredCall() {
  if (!state_) return;
  try {
    answer([](Call&) { throw std::runtime_error("the handler never answered"); });
  } catch (...) {  // NOLINT(bugprone-empty-catch): memory ran out; the connection is gone then
  }
}

Call& DeferredCall::call() const noexcept {
  return *state_->call;
}

void DeferredCall::answer(const std::function<void(Call&)>& step) {
  if (!state_) throw std::logic_error("thrift::DeferredCall: it was answered before");
  const std::unique_ptr<rpc::Deferred> state = std::move(state_);
  state->answer(step);
}

DeferredCall Call::defer() {
  using namespace rpc;
  if (deferred_) throw std::logic_error("thrift::Call: it was deferred before");
  CallOrigin& origin = *envelope_.origin;
  auto state = std::make_unique<Deferred>();
  state->dispatcher = origin.dispatcher.shared_from_this();
  state->message.append(origin.incoming.message);
  state->begun = origin.begun;
  state->incoming = origin.incoming;
  // The views move along with the bytes.
  const std::byte* const from = origin.incoming.message.data();
  const std::byte* const to = state->message.data();
  const auto moved = [&](const void* p) { return to + (static_cast<const std::byte*>(p) - from); };
  const auto move_text = [&](std::string_view& text) {
    const auto* const p = reinterpret_cast<const std::byte*>(text.data());
    if (text.empty() || p < from || p >= from + origin.incoming.message.size()) return;
    text = {reinterpret_cast<const char*>(moved(p)), text.size()};
  };
  Dispatcher::Incoming& incoming = state->incoming;
  incoming.message = state->message.bytes();
  incoming.body = {moved(origin.incoming.body.data()), origin.incoming.body.size()};
  move_text(incoming.header.name);
  move_text(incoming.method);
  if (origin.context != nullptr) {
    state->context = *origin.context;
    state->request_headers = origin.context->request_headers();
    state->context.carrier = nullptr;
    state->context.kept_headers = &state->request_headers;
  }
  state->call = origin.dispatcher.make_deferred(*state);
  if (origin.deferral != nullptr) {
    state->completion = origin.deferral->completion();
  } else {
    origin.rendezvous = std::make_shared<Rendezvous>();
    state->rendezvous = origin.rendezvous;
  }
  deferred_ = true;
  return DeferredCall(std::move(state));
}

}  // namespace thrift
