#pragma once

/// @file
/// `Client`: calls the methods of a service.
///
///     thrift::Client users(idl, "UserService", "tcp://127.0.0.1:9090?transport=framed");
///     Value ann = users.call("getUser", "1");                      // by position
///     Value bob = users.call("getUser", {{"userId", "2"}});        // by name
///     users.with({.timeout = 200ms}).call("updateUser", "1", ann);
///
/// *Arguments* are anything that a Literal is made from, and are checked against the IDL before
/// anything is sent: TypeError names the method and the argument. A sole braced list names the
/// arguments; a struct by position is made with `idl.make`. Arguments that are optional or have an
/// IDL default may be left out, and nullptr leaves any unset.
///
/// *Results.* The returned Value owns its memory, the bytes that were received, and keeps the
/// schema alive. Of a void or oneway method it is void.
///
/// *Errors.*
///
///     TypeError           the arguments do not fit; nothing was sent
///     ServiceException    the method answered with an exception that it declares
///     ApplicationError    the peer answered with TApplicationException (from_peer), or its answer
///                         makes no sense: wrong method, sequence id, message type, or no result
///     TransportError      no connection, none any more, or a time-out; `retryable()` tells whether
///                         the call certainly did not run
///     ProtocolError       the result's bytes break the protocol, or lack what the IDL requires
///
/// *Connections* are made by the first calls, kept, and made anew when they broke or the peer
/// closed them meanwhile. There are up to `ClientOptions::connections` to each endpoint; a further
/// one is made when calls run on all others. After a time-out a connection is given up: the late
/// reply can never be taken for another call's.
///
/// *Endpoints.* With several, calls go to them in turn; one that cannot be reached is left out for
/// `down_time`, and the call goes to the next one at once. They must agree in transport, protocol
/// and service.
///
/// *Trying again.* A call is sent once more only where that is safe: nothing of it had been sent,
/// no connection came about, or it is idempotent: by `CallOptions::idempotent`, or by an annotation
/// in the IDL, `User getUser(1: string id) (idempotent)`. A connection that the peer had closed is
/// replaced in any case; beyond that `ClientOptions::retries` says how often, within the call's
/// time-out. `TransportError::retryable()` tells of a call that failed whether it certainly did not
/// run.
///
/// *Asynchronous calls.* `call_async` gives a std::future, `call_then` calls back; the header
/// thriftpp/asio.hpp has coroutines. They have connections of their own, on each of which many
/// calls are on their way at once (HTTP: one after the other). One thread of the library serves
/// those of all clients in the process, and runs the callbacks: they must not block. It begins with
/// the first asynchronous call and ends with the last client that made one. Calls that run when the
/// last copy of a Client goes are finished.
///
/// *HTTP.* Each call is a POST of its own; those on one connection follow one another. A oneway
/// call waits for the response, which has no message.
///
/// *WebSocket* (`ws://`, `wss://`) carries messages as they are, many at once.
///
/// *UDP* (`udp://`) is for oneway methods: each call is a datagram of 65,507 bytes at most, and
/// nobody learns whether it arrives. Other methods throw TransportError (bad_args).
///
/// *SASL.* `?sasl=plain&user=NAME` says who calls, as Hive and others want it.
///
/// *TLS.* `tls://` and `https://` check the server's certificate against `?ca=FILE`, or the
/// system's authorities, and its name; `?cert=FILE&key=FILE` shows one of the client's own. With
/// TLS 1.3 a server that does not like it says so only after the handshake: by an error of the
/// first call.
///
/// *Threads.* A Client may be used from several threads at once. They share its connections;
/// replies are matched by sequence id, in any order. Each `call` does its I/O on the thread that
/// calls, one of them reading for all; there are no other threads (a host's name is looked up on
/// one, because the system's resolver knows no time-outs). Copies of a Client share its
/// connections.

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/schema/schema.hpp>
#include <thriftpp/transport/endpoint.hpp>
#include <thriftpp/transport/framing.hpp>
#include <thriftpp/transport/headers.hpp>
#include <thriftpp/value/service_exception.hpp>

namespace thrift {

namespace rpc {
class ClientCore;
struct AsyncCall;
}  // namespace rpc

struct ClientOptions {
  /// The URL's `connect_timeout=` and `timeout=` win over these. 0: for ever.
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};      ///< Of a whole call, connecting included.
  std::size_t max_frame = default_max_frame;      ///< Bytes, of requests and replies.
  std::size_t max_message = default_max_message;  ///< Bytes, of replies without frames.
  /// To each endpoint, at most; as many again for asynchronous calls.
  unsigned connections = 1;
  /// Asynchronous calls under way at once; further ones fail, and are safe to try again.
  std::size_t max_async_calls = 100'000;
  /// How often a call is tried again where that is safe, after all endpoints have had their turn.
  unsigned retries = 0;
  /// Before the first of these; each further one waits twice as long.
  std::chrono::milliseconds retry_delay{50};
  /// An endpoint that could not be reached is left out for so long, while there are others.
  std::chrono::milliseconds down_time{1000};
  /// With `?sasl=plain&user=NAME`; empty: the environment's THRIFTPP_PASSWORD.
  std::string password{};
  DecodeOptions decode{};
  EncodeOptions encode{};
};

/// What came of a call, besides its result; also where the result is an error that the peer sent.
struct CallReport {
  ProtocolId protocol = ProtocolId::binary;  ///< That the peer answered in.
  std::size_t request_size = 0;              ///< Bytes, with the frame but not what carries it.
  std::size_t reply_size = 0;                ///< Bytes of the message.
  Headers headers{};                         ///< That came along with the reply.
};

/// What may differ from call to call.
struct CallOptions {
  std::optional<std::chrono::milliseconds> timeout{};
  /// Sent along where the transport has room for them: HTTP's header fields, or the pairs of the
  /// header transport.
  Headers headers{};
  /// Is filled in by each call that gets an answer. It must outlive the calls, and belongs to one
  /// call at a time.
  CallReport* report = nullptr;
  /// Whether running it twice does no harm. Nothing: what the IDL's annotation `idempotent` says.
  std::optional<bool> idempotent{};
};

/// A call whose arguments have been checked and encoded; nothing was sent yet. Its time-out runs
/// from `start`. Owns all that it needs; belongs to one thread at a time.
class THRIFTPP_API PreparedCall {
 public:
  PreparedCall(PreparedCall&&) noexcept;
  PreparedCall& operator=(PreparedCall&&) noexcept;
  ~PreparedCall();

  /// Sends it. `done` is called once, on the library's thread, whatever happens; it must neither
  /// block nor throw.
  void start(std::function<void(Result<Value>)> done) &&;
  /// Sends it. The future has the result, or throws what Client::call would.
  [[nodiscard]] std::future<Value> start() &&;

 private:
  friend class Client;
  PreparedCall(std::shared_ptr<rpc::ClientCore> core,
               std::shared_ptr<rpc::AsyncCall> call) noexcept;

  std::shared_ptr<rpc::ClientCore> core_;
  std::shared_ptr<rpc::AsyncCall> call_;
};

class THRIFTPP_API Client {
 public:
  /// An empty service name means the only one of the schema. Does not connect yet. Throws TypeError
  /// for an unknown service, TransportError (bad_args) for a URL that cannot be used.
  Client(SchemaPtr schema, std::string_view service, std::string_view url,
         const ClientOptions& options = {});
  /// Of several endpoints: `Client(idl, "Users", {"tcp://a:9090", "tcp://b:9090"})`.
  Client(SchemaPtr schema, std::string_view service, std::initializer_list<std::string_view> urls,
         const ClientOptions& options = {});
  Client(SchemaPtr schema, std::string_view service, const std::vector<std::string>& urls,
         const ClientOptions& options = {});
  Client(const Client&) = default;
  Client& operator=(const Client&) = default;
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) noexcept = default;
  ~Client();

  [[nodiscard]] const Service& service() const noexcept;
  [[nodiscard]] const Endpoint& endpoint() const noexcept;  ///< The first one.

  /// The same client, on the same connections, with other options for its calls: those that are
  /// given; headers are added to those that it has.
  [[nodiscard]] Client with(const CallOptions& options) const;

  /// Calls by position.
  template <detail::WritableArgument... Args>
  Value call(std::string_view method, const Args&... arguments) const {
    if constexpr (sizeof...(Args) == 0) {
      return call_positional(method, {});
    } else {
      const Literal literals[] = {Literal(arguments)...};
      return call_positional(method, literals);
    }
  }
  /// Calls by name.
  Value call(std::string_view method, std::initializer_list<NamedLiteral> arguments) const {
    return call_named(method, std::span(arguments.begin(), arguments.size()));
  }
  /// Calls with a struct of the arguments' type (`service().function(method).arguments()`), or one
  /// that agrees with it in structure.
  Value call_with(std::string_view method, ValueView arguments) const;
  Value call_with(std::string_view method, const Value& arguments) const {
    return call_with(method, arguments.view());
  }

  /// As the functions above, without throwing what the library throws.
  template <detail::WritableArgument... Args>
  Result<Value> try_call(std::string_view method, const Args&... arguments) const {
    try {
      return call(method, arguments...);
    } catch (const Error& e) {
      return e.failure();
    }
  }
  Result<Value> try_call(std::string_view method,
                         std::initializer_list<NamedLiteral> arguments) const;
  Result<Value> try_call_with(std::string_view method, ValueView arguments) const;
  Result<Value> try_call_with(std::string_view method, const Value& arguments) const {
    return try_call_with(method, arguments.view());
  }

  /// As `call`, but it returns at once. What is wrong with the arguments is thrown here; everything
  /// else comes through the future. Safe from several threads.
  template <detail::WritableArgument... Args>
  [[nodiscard]] std::future<Value> call_async(std::string_view method,
                                              const Args&... arguments) const {
    return prepare(method, arguments...).start();
  }
  [[nodiscard]] std::future<Value> call_async(std::string_view method,
                                              std::initializer_list<NamedLiteral> arguments) const {
    return prepare(method, arguments).start();
  }
  /// As `call_async`, and calls `done` with the result or the error: see PreparedCall::start.
  ///
  ///     users.call_then([](Result<Value> user) { ... }, "getUser", "1");
  template <detail::WritableArgument... Args>
  void call_then(std::function<void(Result<Value>)> done, std::string_view method,
                 const Args&... arguments) const {
    prepare(method, arguments...).start(std::move(done));
  }
  void call_then(std::function<void(Result<Value>)> done, std::string_view method,
                 std::initializer_list<NamedLiteral> arguments) const {
    prepare(method, arguments).start(std::move(done));
  }
  /// A call to be started later. Throws TypeError.
  template <detail::WritableArgument... Args>
  [[nodiscard]] PreparedCall prepare(std::string_view method, const Args&... arguments) const {
    if constexpr (sizeof...(Args) == 0) {
      return prepare_positional(method, {});
    } else {
      const Literal literals[] = {Literal(arguments)...};
      return prepare_positional(method, literals);
    }
  }
  [[nodiscard]] PreparedCall prepare(std::string_view method,
                                     std::initializer_list<NamedLiteral> arguments) const {
    return prepare_named(method, std::span(arguments.begin(), arguments.size()));
  }
  [[nodiscard]] PreparedCall prepare_with(std::string_view method, ValueView arguments) const;

  /// Connects now, if there is no connection. Throws TransportError.
  void connect() const;
  /// Closes the connections; running calls fail, and the next call connects again.
  void close() const;

  /// By position and by name, with arguments that are put together at run time.
  Value call_positional(std::string_view method, std::span<const Literal> arguments) const;
  Value call_named(std::string_view method, std::span<const NamedLiteral> arguments) const;
  [[nodiscard]] PreparedCall prepare_positional(std::string_view method,
                                                std::span<const Literal> arguments) const;
  [[nodiscard]] PreparedCall prepare_named(std::string_view method,
                                           std::span<const NamedLiteral> arguments) const;

 private:
  std::shared_ptr<rpc::ClientCore> core_;
  CallOptions options_;
};

}  // namespace thrift
