#pragma once

/// @file
/// `Call`: one call as a handler sees it: a function, its arguments, and where the result goes.
/// Arguments and results are ordinary structs, so that one handler can serve any method.
///
///     server.on_any([&](Call& call) {
///       call.reply(backend.call_with(call.function().name(), call.arguments()));   // a proxy
///     });
///
/// Lifetime: the call, its arguments and all views into them die when the handler returns. What
/// is given to `reply` is written at once and need not outlive it. `defer` makes a copy that lives
/// longer, and is answered later.
/// Threads: a Call belongs to the thread that its handler runs on.

#include <initializer_list>
#include <thriftpp/protocol/message.hpp>
#include <thriftpp/schema/service.hpp>
#include <thriftpp/transport/headers.hpp>
#include <thriftpp/value/literal.hpp>

namespace thrift {

namespace rpc {
class Dispatcher;
struct CallOrigin;
}  // namespace rpc

class DeferredCall;

class THRIFTPP_API Call {
 public:
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] const Function& function() const noexcept { return function_; }
  /// A struct of type `function().arguments()`; the fields are the arguments by name. What the
  /// caller did not send is not set, and reads as its IDL default, else as zero or empty.
  [[nodiscard]] ValueView arguments() const noexcept { return arguments_; }
  /// `arguments()[name]`.
  [[nodiscard]] ValueView operator[](std::string_view argument) const {
    return arguments_[argument];
  }
  /// False where nobody waits for a reply (oneway): what is replied is checked and dropped.
  [[nodiscard]] bool expects_reply() const noexcept { return expects_reply_; }

  /// The result; a second one replaces the first. Anything that a Literal can be made from.
  /// Throws TypeError where it does not fit the function's type, or the function returns nothing.
  /// A handler that returns without having replied replies void, which is an error where the
  /// function has a result.
  template <class T>
  void reply(const T& value) {
    if constexpr (detail::HasView<T>) {
      reply_view(value.view());
    } else {
      reply_literal(Literal(value));
    }
  }
  void reply(std::initializer_list<Literal> items) { reply_literal(Literal(items)); }
  [[nodiscard]] bool replied() const noexcept { return replied_; }

  /// The call will be answered through what is returned, by any thread, instead of by this handler:
  /// see rpc/deferred_call.hpp. At most once; what was replied here is dropped.
  [[nodiscard]] DeferredCall defer();
  [[nodiscard]] bool deferred() const noexcept { return deferred_; }

  /// What came along with the call: HTTP's header fields, or the pairs of the header transport.
  [[nodiscard]] const Headers& headers() const noexcept;
  /// Sends a header along with the reply, where the transport has room for it.
  void set_reply_header(std::string name, std::string value);

 private:
  friend class rpc::Dispatcher;
  struct Envelope {  // what the reply's message begins with
    ProtocolId protocol;
    std::int32_t sequence_id;
    bool old_style;  // binary without a version word
    const EncodeOptions* options;
    rpc::CallOrigin* origin;
  };
  Call(const Function& function, ValueView arguments, const Envelope& envelope, bool expects_reply,
       Arena& arena, Buffer& out) noexcept
      : function_(function),
        arguments_(arguments),
        envelope_(envelope),
        expects_reply_(expects_reply),
        arena_(arena),
        out_(out),
        start_(out.size()) {}

  void reply_view(ValueView value);
  void reply_literal(const Literal& value);
  void reply_void();
  void reply_exception(const Field& field, ValueView exception);
  // The result struct with that one field.
  void write_literal(const Field& field, const Literal& value);
  void write_field(const Field& field, ValueView value);
  // As above; `slot` is the field's bytes in a record, nullptr where there is no field.
  void write_result(const Field* field, const void* slot);
  [[nodiscard]] const Field& success() const;

  const Function& function_;
  ValueView arguments_;
  Envelope envelope_;
  bool expects_reply_;
  bool replied_ = false;
  bool deferred_ = false;
  bool exception_ = false;  // the reply is a declared one
  Arena& arena_;
  Buffer& out_;
  std::size_t start_;
};

}  // namespace thrift
