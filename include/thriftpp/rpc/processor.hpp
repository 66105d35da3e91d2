#pragma once

/// @file
/// `Processor`: a service without a socket: one message's bytes in, the reply's bytes out.
///
/// What is answered to what:
///
///     a method that the service does not have          TApplicationException UNKNOWN_METHOD
///     a method without a handler                       UNKNOWN_METHOD
///     arguments that cannot be decoded                 PROTOCOL_ERROR, with what is wrong and
///     where a message that is neither CALL nor ONEWAY        INVALID_MESSAGE_TYPE a handler that
///     throws ServiceException           the declared exception, else INTERNAL_ERROR a handler that
///     throws ApplicationError           that TApplicationException a handler that throws anything
///     else              INTERNAL_ERROR a handler without a result where one is due MISSING_RESULT
///     oneway methods, and messages of type ONEWAY      nothing at all, whatever happens
///
/// Where a handler defers its answer, `process` waits for it.
///
/// Method names may carry the service's name, as multiplexed clients write it
/// ("UserService:getUser"); the reply has the bare name.
///
/// Threads: `on` and `on_any` belong to one thread, before the first message; `process` is safe
/// from several threads.

#include <chrono>
#include <memory>
#include <thriftpp/rpc/handler.hpp>
#include <thriftpp/schema/schema.hpp>

namespace thrift {

namespace rpc {
class Dispatcher;
}

/// A call, as those who count calls see it. Views live while the function is called.
struct CallEvent {
  enum class Outcome : std::uint8_t {
    result,     ///< The handler answered, or the call was oneway and it returned.
    exception,  ///< It answered with an exception that the IDL declares.
    error,      ///< The answer is a TApplicationException, or would be, were it not oneway.
  };
  std::string_view service;
  std::string_view method;  ///< As the message says it: perhaps one that does not exist.
  ProtocolId protocol = ProtocolId::binary;
  std::size_t request_size = 0;  ///< Bytes of the message, without frames and what carries it.
  std::size_t reply_size = 0;    ///< 0 at the beginning, and where there is none.
  std::chrono::nanoseconds duration{
      0};                             ///< From decoding to the encoded reply; 0 at the beginning.
  Outcome outcome = Outcome::result;  ///< Of the end.
  ApplicationErrorKind error = ApplicationErrorKind::unknown;  ///< With Outcome::error.
};

struct ProcessorOptions {
  /// Tell callers the text of unexpected exceptions. It may hold what is none of their business.
  bool expose_errors = false;
  /// Called with what callers are not told: the method and the exception's text. From any thread.
  std::function<void(std::string_view method, std::string_view error)> on_error{};
  /// Called when a call begins and when its reply is ready. From any thread; must not throw, and
  /// should be quick.
  std::function<void(const CallEvent&)> on_call_begin{};
  std::function<void(const CallEvent&)> on_call_end{};
  /// Limits for the arguments; strings always view the message.
  DecodeOptions decode{};
  EncodeOptions encode{};
  /// Bytes of the largest reply; a longer one becomes INTERNAL_ERROR.
  std::size_t max_reply = 0x7fffffff;
};

class THRIFTPP_API Processor {
 public:
  /// An empty service name means the only one of the schema. Throws TypeError for an unknown one.
  Processor(SchemaPtr schema, std::string_view service, ProcessorOptions options = {});
  Processor(Processor&&) noexcept;
  Processor& operator=(Processor&&) noexcept;
  ~Processor();

  [[nodiscard]] const Service& service() const noexcept;

  /// The handler of a method, own or inherited; a second one replaces the first. Throws
  /// ApplicationError (unknown_method) with a near name, or TypeError where parameters or result
  /// do not fit the IDL.
  template <class F>
  Processor& on(std::string_view method, F&& handler, const HandlerOptions& options = {}) {
    const Function& function = service().function(method);
    set(function, detail::make_handler<std::decay_t<F>>(function, std::forward<F>(handler)),
        options);
    return *this;
  }
  /// Answers all methods of the service that have no handler of their own.
  Processor& on_any(Handler handler, const HandlerOptions& options = {});
  /// Something to be done around all calls of methods with a handler; the first is the outermost.
  Processor& around(Middleware middleware);
  /// Methods that nobody answers yet, in the order of the IDL.
  [[nodiscard]] std::vector<const Function*> missing() const;

  /// Answers one message, and appends the reply to `out`; false where there is none to send.
  /// Throws ProtocolError where the message's head cannot be read: there is nobody to answer then.
  bool process(ProtocolId protocol, std::span<const std::byte> message, Buffer& out) const;
  /// As above, with memory that the caller uses again: `arena` is reset first.
  bool process(ProtocolId protocol, std::span<const std::byte> message, Buffer& out,
               Arena& arena) const;

 private:
  friend class Server;
  friend class Session;
  void set(const Function& function, Handler handler, const HandlerOptions& options);

  std::shared_ptr<rpc::Dispatcher> dispatcher_;
};

}  // namespace thrift
