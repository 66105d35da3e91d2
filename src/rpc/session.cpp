#include <thriftpp/rpc/session.hpp>

#include "rpc/conversation.hpp"

namespace thrift {

struct Session::State {
  State(std::shared_ptr<const rpc::Dispatcher> dispatcher, const SessionOptions& options)
      : conversation(std::move(dispatcher), options, nullptr) {}
  rpc::Conversation conversation;
  Arena arena;
};

Session::Session(const Processor& processor, const SessionOptions& options)
    : state_(std::make_unique<State>(processor.dispatcher_, options)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::receive(std::span<const std::byte> bytes, Buffer& out) {
  using Next = rpc::Conversation::Next;
  Next next = state_->conversation.receive(bytes, state_->arena, out);
  while (next == Next::resume) next = state_->conversation.resume(state_->arena, out);
  return next != Next::close;
}

bool Session::in_message() const noexcept {
  return state_->conversation.in_message();
}

const std::string& Session::problem() const noexcept {
  return state_->conversation.problem();
}

}  // namespace thrift
