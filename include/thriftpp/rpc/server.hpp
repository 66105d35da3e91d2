#pragma once

/// @file
/// `Server`: a service behind a socket.
///
///     thrift::Server server(idl, "UserService");
///     server.on("getUser", [&](std::string_view id) { return find(id); })
///           .on("getAllUsers", [&] { return everyone(); }, {.blocking = true});
///     server.serve("tcp://127.0.0.1:9090");          // until stop()
///
/// How handlers are written is told in handler.hpp, what is answered to what in processor.hpp, how
/// framing and protocol are detected in session.hpp: one port takes buffered, framed, header, zlib
/// and HTTP, in binary, compact and JSON. `?transport=` and `?protocol=` in the URL allow only what
/// they name, `accept` forbids what it says. `tls://` and `https://` need `?cert=FILE` (and
/// `key=FILE`); with `ca=FILE` clients must show a certificate that it signed. `ws://` and `wss://`
/// take WebSocket only, which HTTP's ports take too. `udp://` takes datagrams with oneway calls.
/// `?sasl=plain` lets in only whom `authenticate` knows.
///
/// *Threads.* `threads` threads serve connections, each its own; a connection never changes its
/// thread. Handlers run there, and may run concurrently where there are several; blocking ones
/// (`{.blocking = true}`) run on `workers` threads more.
/// Before `start`, a Server belongs to one thread; after it, `stop`, `wait`, `endpoints` and `port`
/// are safe from several threads, handlers included, and `on` must not be called.
///
/// *Order.* Of one connection, calls begin in the order in which they came. Framed and header
/// clients tell replies apart by their sequence ids: while a call of theirs runs on a worker, or is
/// deferred (rpc/deferred_call.hpp), later ones are answered before it, up to `max_in_flight` at
/// once. Calls with equal sequence ids, and those of buffered, zlib and HTTP clients, are answered
/// one after the other; with `in_order` all are.
///
/// *Limits* keep strangers from costing much: connections, frames, messages, memory, calls at once,
/// the time that a message may take to arrive or a reply to be taken. A connection that has reached
/// its share is not read for a while, so that the peer's own buffers fill. What a connection does
/// wrong closes that connection only. Where descriptors run out, accepting pauses and goes on
/// later.
///
/// *Stopping* is graceful: nobody is accepted any more, what has arrived whole is answered, then
/// connections are closed. Peers that do not take their replies are cut off after `stop_timeout`;
/// handlers are always waited for, deferred calls as long.

#include <chrono>
#include <memory>
#include <thriftpp/rpc/deferred_call.hpp>
#include <thriftpp/rpc/processor.hpp>
#include <thriftpp/rpc/session.hpp>
#include <thriftpp/transport/endpoint.hpp>

namespace thrift {

struct ServerOptions {
  unsigned threads = 1;  ///< That serve connections; 0: as many as there are cores.
  unsigned workers = 0;  ///< For blocking handlers; 0: twice the cores, at least 8.
  /// How long a thread without work may look for more before it sleeps, which saves clients that
  /// call again at once the time that waking it takes. It does so only while more than half of the
  /// looks find something, so that it costs little where clients take their time. 0: never.
  std::chrono::microseconds busy_poll{60};
  std::size_t max_connections = 10'000;           ///< One more is closed at once.
  std::size_t max_frame = default_max_frame;      ///< Bytes, of requests and replies.
  std::size_t max_message = default_max_message;  ///< Bytes, of requests without frames.
  /// Of one connection, that run on workers or are deferred; at the limit it is not read.
  std::size_t max_in_flight = 64;
  /// Bytes that all connections together may hold: parts of messages, calls that run, replies that
  /// were not taken. Who wants more waits for its own calls, or is closed. 0: no limit.
  std::size_t max_memory = std::size_t{1} << 30;
  /// Answer the calls of a connection in the order in which they came, whoever it is.
  bool in_order = false;
  /// For endpoints with `?sasl=plain`: whether a user and a password are right. Handlers find the
  /// user among the call's headers, as "sasl-user". Must not block for long.
  std::function<bool(std::string_view user, std::string_view password)> authenticate{};
  Accepted accept{};  ///< What every endpoint understands; its URL may allow less.
  /// A connection without a call for so long is closed; 0: never.
  std::chrono::milliseconds idle_timeout{0};
  /// From the first byte of a message to its last, and for taking a reply; 0: no limit.
  std::chrono::milliseconds message_timeout{60'000};
  /// From the first byte of a message until it says how long it is (a frame's length, all of HTTP's
  /// header), and for a TLS handshake; 0: as message_timeout.
  std::chrono::milliseconds header_timeout{15'000};
  std::chrono::milliseconds stop_timeout{10'000};
  /// Serve although methods have no handler; their callers get UNKNOWN_METHOD.
  bool allow_missing_handlers = false;
  /// Tell callers the text of unexpected exceptions. It may hold what is none of their business.
  bool expose_errors = false;
  /// Called with what nobody else is told: a method and its unexpected exception's text, or the
  /// endpoint and why a connection was closed or could not be accepted. From any thread.
  std::function<void(std::string_view where, std::string_view error)> on_error{};
  /// For metrics: called when a call begins and when its reply is ready. From any thread; must not
  /// throw, and should be quick.
  std::function<void(const CallEvent&)> on_call_begin{};
  std::function<void(const CallEvent&)> on_call_end{};
  DecodeOptions decode{};
  EncodeOptions encode{};
};

class THRIFTPP_API Server {
 public:
  /// An empty service name means the only one of the schema. Throws TypeError for an unknown one.
  Server(SchemaPtr schema, std::string_view service, ServerOptions options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  ///< Stops.

  [[nodiscard]] const Service& service() const noexcept { return processor_.service(); }

  /// As Processor::on and on_any. Throws std::logic_error after start.
  template <class F>
  Server& on(std::string_view method, F&& handler, const HandlerOptions& options = {}) {
    check_not_started();
    processor_.on(method, std::forward<F>(handler), options);
    return *this;
  }
  Server& on_any(Handler handler, const HandlerOptions& options = {});

  /// Something to be done around all calls, those of services that are added included: see
  /// Middleware. The first is the outermost. Throws std::logic_error after start.
  Server& around(const Middleware& middleware);

  /// One more service on the same endpoints, for multiplexed clients: those that write `name`
  /// before a method's (`?service=name`), the service's own name where it is empty. Clients that
  /// name no service get the one that the Server was made with. Its handlers are given to what is
  /// returned, which lives as long as the Server:
  ///
  ///     server.add("Admin").on("shutdown", [&] { ... });
  ///
  /// Throws TypeError for an unknown service, std::logic_error after start.
  Processor& add(std::string_view service, std::string_view name = {});
  Processor& add(SchemaPtr schema, std::string_view service, std::string_view name = {});

  /// Listens and serves until stop(); `start` and `wait`.
  void serve(std::string_view url);
  /// Listens, serves on threads of its own, and returns. May be called again for more endpoints.
  /// Throws TransportError, or TypeError that lists the methods without a handler.
  void start(std::string_view url);
  /// Until the server has stopped.
  void wait();
  /// Stops, and returns when it has; called by a handler it only begins to stop, and returns.
  /// A server that has stopped may be started again.
  void stop();

  /// What is listened on, with the ports that were really bound, in the order of `start`.
  [[nodiscard]] std::vector<Endpoint> endpoints() const;
  /// The first endpoint. Throws std::logic_error where nothing was started.
  [[nodiscard]] Endpoint endpoint() const;
  [[nodiscard]] std::uint16_t port() const { return endpoint().port; }
  /// Connections that are open now.
  [[nodiscard]] std::size_t connections() const noexcept;

 private:
  struct Running;
  void check_not_started() const;
  [[nodiscard]] std::shared_ptr<Running> running() const;

  Processor processor_;
  std::vector<std::unique_ptr<Processor>> others_;
  std::vector<Middleware> middleware_;
  ServerOptions options_;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thrift
