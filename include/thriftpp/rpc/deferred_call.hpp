#pragma once

/// @file
/// `DeferredCall`: a call that is answered after its handler has returned, by any thread.
///
///     server.on("getUser", [&](Call& call) {
///       database.fetch(call["userId"].as<std::string>(),
///                      [later = call.defer()](const Row& row) mutable { later.reply(...); });
///     });
///
/// It owns a copy of the message, so that its arguments live as long as it does. It is answered
/// once: by `reply`, by `fail`, or, where it is destroyed without either, by TApplicationException
/// INTERNAL_ERROR. What comes when the connection is gone is dropped.
///
/// The connection goes on meanwhile: framed and header clients, whose replies are told apart by
/// their sequence ids, may have later calls answered before this one; others wait.
/// Threads: belongs to one thread at a time, which may be any, each time another.

#include <exception>
#include <functional>
#include <memory>
#include <thriftpp/rpc/call.hpp>

namespace thrift {

namespace rpc {
struct Deferred;
}

class THRIFTPP_API DeferredCall {
 public:
  DeferredCall(DeferredCall&&) noexcept;
  DeferredCall& operator=(DeferredCall&&) noexcept;
  ~DeferredCall();

  /// As those of Call. Must not be asked after the answer.
  [[nodiscard]] const Function& function() const noexcept { return call().function(); }
  [[nodiscard]] ValueView arguments() const noexcept { return call().arguments(); }
  [[nodiscard]] ValueView operator[](std::string_view argument) const { return call()[argument]; }
  [[nodiscard]] bool expects_reply() const noexcept { return call().expects_reply(); }
  [[nodiscard]] const Headers& headers() const noexcept { return call().headers(); }
  void set_reply_header(std::string name, std::string value) {
    call().set_reply_header(std::move(name), std::move(value));
  }

  /// Answers with the result. A value that does not fit the function's type is answered as
  /// INTERNAL_ERROR, as if a handler had returned it; nothing is thrown.
  template <class T>
  void reply(const T& value) {
    answer([&](Call& call) { call.reply(value); });
  }
  void reply(std::initializer_list<Literal> items) {
    answer([&](Call& call) { call.reply(items); });
  }
  /// Answers a method that returns nothing.
  void reply() {
    answer([](Call&) {});
  }
  /// Answers as if a handler had thrown that: a ServiceException that the method declares, an
  /// ApplicationError, or anything else, which becomes INTERNAL_ERROR.
  void fail(const std::exception_ptr& error) {
    answer([&](Call&) { std::rethrow_exception(error); });
  }
  template <class E>
  void fail(const E& error) {
    answer([&](Call&) { throw error; });
  }
  /// Whether it was answered.
  [[nodiscard]] bool done() const noexcept { return state_ == nullptr; }

 private:
  friend class Call;
  explicit DeferredCall(std::unique_ptr<rpc::Deferred> state) noexcept;
  [[nodiscard]] Call& call() const noexcept;
  void answer(const std::function<void(Call&)>& step);

  std::unique_ptr<rpc::Deferred> state_;
};

}  // namespace thrift
