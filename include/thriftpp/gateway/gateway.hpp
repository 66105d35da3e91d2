#pragma once

/// @file
/// `Gateway`: HTTP and JSON in front of Thrift services, from their IDL alone.
///
///     thrift::Catalogue idls("/etc/idl", {.watch = true});
///     thrift::Gateway gateway(idls);
///     gateway.upstream("UserService", "tcp://users:9090?transport=framed", {.timeout = 800ms})
///         .map_exception("NotFound", 404)
///         .serve("http://0.0.0.0:8080");
///
/// *Routes.* `POST /Service/method` with a JSON object of the arguments, always; and the routes
/// that functions declare by annotations, `(api.get = "/users/:id")`: see the README.
/// Only services that have an upstream are exposed.
///
/// *Answers.* The result as plain JSON (value/text.hpp), `null` where nothing is returned. A
/// declared exception is `{"error": {"name": "NotFound", "status": 404, "exception": {...}}}`; its
/// status comes from `map_exception`, else from `api.http_code` in the IDL, else it is 500. What
/// goes wrong otherwise is `{"error": {"name", "status", "message", ...}}`:
///
///     400  the request does not fit the IDL: path, line, column, suggestion
///     401 403 429  what authorize() and the rate limit say
///     404 405 413 415 431  no such route, method, size or type
///     408 417 501 505      too slow a request, an `Expect` or something of HTTP that is not known
///     502  the upstream refused, broke off, or sent what makes no sense
///     503  no endpoint is healthy, or too many requests are in flight
///     504  the upstream took too long
///
/// *JSON* is told by the query: `?int64=string` for readers that lose digits beyond 2^53, and
/// `enums=number`, `maps=pairs`, `binary=text`, `defaults=write`, `indent=2`; a name that a route
/// binds in its query is that route's.
///
/// *Of its own* the gateway serves `/healthz`, `/readyz`, `/status`, `/metrics`, `/openapi.json`,
/// `/idl.json` (describe_json of each file), `/schema/TYPE.json` and `/docs`, unless
/// `GatewayOptions::built_in` is false. A route of the IDL at such a path is warned of.
///
/// *Calls* go over pooled connections, many at once on each where the transport can; each thread
/// has its own. They are sent again only where that is safe: see client.hpp.
///
/// *Threads.* Set it up on one thread, then start(). Handlers and middleware run on workers of the
/// gateway, several at once; the hooks of GatewayOptions on its I/O threads: they must not block.
/// stop() is safe from any thread, except from handlers. An IDL that changes is taken by each I/O
/// thread between two requests: for a moment some connections see the new one and some the old.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/gateway/catalogue.hpp>
#include <thriftpp/gateway/http.hpp>
#include <thriftpp/transport/endpoint.hpp>
#include <thriftpp/value/text.hpp>
#include <vector>

namespace thrift {

struct UpstreamOptions {
  std::chrono::milliseconds timeout{10'000};  ///< Of a whole call. The URL's `timeout=` wins.
  std::chrono::milliseconds connect_timeout{2'000};
  /// To each endpoint and from each of the gateway's threads, at most.
  unsigned connections = 8;
  /// How often a call is sent again where that is safe, after all endpoints had their turn.
  unsigned retries = 1;
  std::chrono::milliseconds retry_delay{50};
  /// An endpoint that could not be reached is left out for so long, while there are others.
  std::chrono::milliseconds down_time{1000};
  /// After so many failures in a row an endpoint's circuit opens: it gets no calls for `open_time`,
  /// then one (of each thread, at most) decides. Where all are open calls are answered 503 at once.
  /// 0: never.
  unsigned breaker_failures = 5;
  std::chrono::milliseconds open_time{5000};
  /// Connects to each endpoint so often to see whether it is there; 0: only calls tell.
  std::chrono::milliseconds check_interval{0};
  std::size_t max_reply = std::size_t{64} << 20;  ///< Bytes.
  std::string password{};                         ///< As ClientOptions::password.
};

struct GatewayOptions {
  unsigned threads = 0;  ///< That do I/O; 0: one a processor.
  unsigned workers = 8;  ///< Threads for middleware, custom routes and large replies.
  std::chrono::microseconds busy_poll{60};       ///< As ServerOptions::busy_poll.
  std::size_t max_header = 16 * 1024;            ///< Bytes, the request line included; else 431.
  std::size_t max_body = std::size_t{16} << 20;  ///< Bytes; else 413.
  std::size_t max_connections = 10'000;          ///< Further ones are closed at once.
  std::size_t max_in_flight = 10'000;            ///< Calls, of all connections; else 503.
  std::size_t max_pipelined = 16;                ///< Requests at once on one connection.
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{60'000};   ///< Of a request from its first byte, and of
                                                    ///< the client's taking its response.
  std::chrono::milliseconds idle_timeout{75'000};   ///< Between two requests.
  std::chrono::milliseconds drain_timeout{30'000};  ///< What stop() waits for requests that run.
  /// stop() first says `/readyz` 503 for so long, so that balancers send nobody any more.
  std::chrono::milliseconds drain_delay{0};
  /// Requests a second and client, and how many may come at once; 0: any number; else 429.
  double rate = 0;
  double burst = 0;  ///< 0: as `rate`, at least 1.
  /// The client is the last address of X-Forwarded-For: only where all come through a proxy.
  bool trust_forwarded = false;
  JsonOptions json{};                ///< Unless the query says otherwise.
  bool skip_unknown_fields = false;  ///< Of JSON; else 400.
  bool built_in = true;              ///< `/healthz` and so on.
  /// Origins that browsers may call from, `*` for all; empty: none (no CORS).
  std::vector<std::string> cors_origins{};
  /// Header fields that go to the upstream where its transport carries headers, beside
  /// X-Request-Id.
  std::vector<std::string> forward_headers{"traceparent", "tracestate", "baggage"};
  /// A bearer token is good; nothing: nobody is asked for one. `/healthz`, `/readyz` and the page
  /// at `/docs`, which asks for the token itself, need none.
  std::function<bool(std::string_view token)> check_token{};
  /// One line of JSON a request, without its end.
  std::function<void(std::string_view line)> access_log{};
  /// What happens beside requests: reloads, connections that broke.
  std::function<void(std::string_view message)> log{};
};

/// Answers a request.
using HttpHandler = std::function<HttpResponse(HttpRequest& request)>;
/// Stands around a request: may answer by itself, or let it go on by `next(request)`.
using HttpMiddleware = std::function<HttpResponse(HttpRequest& request, const HttpHandler& next)>;

class THRIFTPP_API Gateway {
 public:
  /// Follows the catalogue: a change takes effect with the next request.
  explicit Gateway(Catalogue catalogue, GatewayOptions options = {});
  /// Of one IDL that never changes.
  explicit Gateway(const Idl& idl, GatewayOptions options = {});
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway();  ///< stop()

  /// Where a service is; "*" is all services that have none of their own. Throws TransportError
  /// (bad_args) for a URL that cannot be used.
  Gateway& upstream(std::string_view service, std::string_view url,
                    const UpstreamOptions& options = {});
  /// Several endpoints, which must agree in transport, protocol and service.
  Gateway& upstream(std::string_view service, const std::vector<std::string>& urls,
                    const UpstreamOptions& options = {});
  /// The status of a declared exception, by its name or qualified ("shared.NotFound"). start()
  /// throws TypeError where the IDL has none of that name.
  Gateway& map_exception(std::string_view name, int status);
  /// Stands around everything but `/healthz`, `/readyz` and `/metrics`; the first one given is the
  /// outermost. What it throws is answered 500.
  Gateway& use(HttpMiddleware middleware);
  /// A path of its own: exactly this one, before all others. Method "*" is any.
  Gateway& route(std::string_view method, std::string_view path, HttpHandler handler);

  /// Listens on `http://HOST:PORT` or `https://HOST:PORT?cert=&key=` (`ca=`: clients must show a
  /// certificate), also several times, and returns. Port 0 takes a free one. Throws TransportError
  /// where it cannot listen, IdlError or TypeError where the catalogue cannot be served: a service
  /// that has an upstream and does not exist, routes that conflict.
  void start(std::string_view url);
  /// start(), then wait().
  void serve(std::string_view url);
  /// Until it was stopped.
  void wait();
  /// Takes no more connections, finishes what runs, closes.
  void stop();
  /// Of the first start(), with the port that is really bound.
  [[nodiscard]] Endpoint endpoint() const;
  [[nodiscard]] std::vector<Endpoint> endpoints() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thrift
