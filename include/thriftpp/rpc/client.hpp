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
/// *Connection.* It is made by the first call, kept, and made anew when it broke or the peer closed
/// it meanwhile; a call is sent a second time only where nothing of it had been sent. After a
/// time-out the connection is given up: the late reply can never be taken for another call's.
///
/// *HTTP.* Each call is a POST of its own; those on one connection follow one another. A oneway
/// call waits for the response, which has no message.
///
/// *TLS.* `tls://` and `https://` check the server's certificate against `?ca=FILE`, or the
/// system's authorities, and its name; `?cert=FILE&key=FILE` shows one of the client's own. With
/// TLS 1.3 a server that does not like it says so only after the handshake: by an error of the
/// first call.
///
/// *Threads.* A Client may be used from several threads at once. They share one connection; replies
/// are matched by sequence id, in any order. Each call does its I/O on the thread that calls, one
/// of them reading for all; there are no other threads (a host's name is looked up on one, because
/// the system's resolver knows no time-outs). Copies of a Client share its connection.

#include <chrono>
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
}

struct ClientOptions {
  /// The URL's `connect_timeout=` and `timeout=` win over these. 0: for ever.
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};      ///< Of a whole call, connecting included.
  std::size_t max_frame = default_max_frame;      ///< Bytes, of requests and replies.
  std::size_t max_message = default_max_message;  ///< Bytes, of replies without frames.
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
};

class THRIFTPP_API Client {
 public:
  /// An empty service name means the only one of the schema. Does not connect yet. Throws TypeError
  /// for an unknown service, TransportError (bad_args) for a URL that cannot be used.
  Client(SchemaPtr schema, std::string_view service, std::string_view url,
         const ClientOptions& options = {});
  Client(const Client&) = default;
  Client& operator=(const Client&) = default;
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) noexcept = default;
  ~Client();

  [[nodiscard]] const Service& service() const noexcept;
  [[nodiscard]] const Endpoint& endpoint() const noexcept;

  /// The same client, on the same connection, with other options for its calls: those that are
  /// given; headers are added to those that it has.
  [[nodiscard]] Client with(const CallOptions& options) const;

  /// Calls by position.
  template <class... Args>
    requires(detail::Writable<std::decay_t<Args>> && ...)
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
  template <class... Args>
    requires(detail::Writable<std::decay_t<Args>> && ...)
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

  /// Connects now, if there is no connection. Throws TransportError.
  void connect() const;
  /// Closes the connection; running calls fail, and the next call connects again.
  void close() const;

  /// By position and by name, with arguments that are put together at run time.
  Value call_positional(std::string_view method, std::span<const Literal> arguments) const;
  Value call_named(std::string_view method, std::span<const NamedLiteral> arguments) const;

 private:
  std::shared_ptr<rpc::ClientCore> core_;
  CallOptions options_;
};

}  // namespace thrift
