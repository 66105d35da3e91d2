// thriftpp gateway FILE... --upstream Service=URL --listen http://HOST:PORT: HTTP and JSON in front
// of Thrift services.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <thriftpp/gateway/gateway.hpp>

#include "command.hpp"
#include "config_file.hpp"
#include "data.hpp"
#include "secrets.hpp"

namespace thrift::command {
namespace {

constexpr const char* positional = "idl";

struct GatewayArguments {
  std::vector<std::string> files;
  std::vector<std::string> upstreams;
  std::vector<std::string> listen;
  std::vector<std::string> statuses;
  bool watch = false;
  Milliseconds watch_interval;
  std::string config;
  bool config_schema = false;

  Milliseconds timeout;
  Milliseconds connect_timeout;
  Milliseconds check_interval;
  Milliseconds open_time;
  Milliseconds header_timeout;
  Milliseconds body_timeout;
  Milliseconds idle_timeout;
  Milliseconds drain_timeout;
  Milliseconds drain_delay;
  unsigned busy_poll = static_cast<unsigned>(GatewayOptions{}.busy_poll.count());
  std::string token_file;
  std::string access_log;
  UpstreamOptions upstream;
  GatewayOptions gateway;
  JsonArguments json;
  LoadArguments load;
};

void set(std::chrono::milliseconds& out, const Milliseconds& given) {
  if (given) out = *given;
}

struct NamedUrls {
  std::string service;
  std::vector<std::string> urls;
};

/// "Service=URL", or a URL for all services; several of one service are its endpoints.
std::vector<NamedUrls> read_upstreams(const std::vector<std::string>& given) {
  std::vector<NamedUrls> out;
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    const bool named = equals < text.find("://");
    const std::string service = named ? text.substr(0, equals) : "*";
    const std::string url = named ? text.substr(equals + 1) : text;
    if (service.empty() || url.empty()) {
      throw UsageError("`--upstream " + text + "`: expected Service=URL");
    }
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const auto& u) { return u.service == service; });
    if (known == out.end()) {
      out.push_back({service, {url}});
    } else {
      known->urls.push_back(url);
    }
  }
  return out;
}

/// "NotFound=404"
std::pair<std::string, int> read_status(const std::string& text) {
  const std::size_t equals = text.find('=');
  int status = 0;
  if (equals != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + equals + 1, end, status);
    if (error == std::errc() && stop == end && status >= 200 && status <= 599 && equals != 0) {
      return {text.substr(0, equals), status};
    }
  }
  throw UsageError("`--map " + text + "`: expected an exception and a status, as NotFound=404");
}

void tell(std::string_view text) {
  std::fprintf(stderr, "thriftpp: %.*s\n", static_cast<int>(text.size()), text.data());
}

/// Where access logs go: "-" is standard error.
std::function<void(std::string_view)> open_log(const std::string& path) {
  if (path.empty()) return {};
  if (path == "-") {
    return [](std::string_view line) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    };
  }
  struct Log {
    explicit Log(const std::string& name) : file(name, std::ios::app) {}
    std::mutex mutex;
    std::ofstream file;
  };
  auto log = std::make_shared<Log>(path);
  if (!log->file) throw std::runtime_error("cannot write " + path);
  return [log](std::string_view line) {
    const std::lock_guard lock(log->mutex);
    log->file << line << '\n' << std::flush;
  };
}

GatewayOptions gateway_options(const GatewayArguments& arguments) {
  GatewayOptions out = arguments.gateway;
  out.busy_poll = std::chrono::microseconds(arguments.busy_poll);
  set(out.header_timeout, arguments.header_timeout);
  set(out.body_timeout, arguments.body_timeout);
  set(out.idle_timeout, arguments.idle_timeout);
  set(out.drain_timeout, arguments.drain_timeout);
  set(out.drain_delay, arguments.drain_delay);
  out.json = arguments.json.write;
  out.access_log = open_log(arguments.access_log);
  out.log = tell;
  if (!arguments.token_file.empty()) {
    out.check_token = [tokens = read_secrets(arguments.token_file, "tokens")](
                          std::string_view token) { return is_among(tokens, token); };
  }
  return out;
}

UpstreamOptions upstream_options(const GatewayArguments& arguments) {
  UpstreamOptions out = arguments.upstream;
  set(out.timeout, arguments.timeout);
  set(out.connect_timeout, arguments.connect_timeout);
  set(out.check_interval, arguments.check_interval);
  set(out.open_time, arguments.open_time);
  return out;
}

int run(CLI::App& verb, GatewayArguments& arguments) {
  if (arguments.config_schema) {
    print(config_schema(verb, positional, "thriftpp gateway"));
    return success;
  }
  if (!arguments.config.empty()) apply_config(verb, arguments.config, positional);
  if (arguments.files.empty()) throw UsageError("no .thrift file is given");
  if (arguments.upstreams.empty()) throw UsageError("no --upstream is given");
  if (arguments.listen.empty()) throw UsageError("no --listen is given");

  CatalogueOptions catalogue;
  catalogue.watch = arguments.watch;
  set(catalogue.interval, arguments.watch_interval);
  catalogue.load = arguments.load.options();

  // Before there are threads, so that none of them takes the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Catalogue idls(arguments.files, catalogue);
  Gateway gateway(idls, gateway_options(arguments));
  for (const NamedUrls& upstream : read_upstreams(arguments.upstreams)) {
    gateway.upstream(upstream.service, upstream.urls, upstream_options(arguments));
  }
  for (const std::string& text : arguments.statuses) {
    const auto [name, status] = read_status(text);
    gateway.map_exception(name, status);
  }
  for (const std::string& url : arguments.listen) gateway.start(url);
  for (const Endpoint& endpoint : gateway.endpoints()) {
    std::string address = endpoint.address();
    if (address.ends_with('/')) address.pop_back();  // what paths are appended to
    std::fprintf(stderr, "listening on %s\n", address.c_str());
  }
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    if (!idls.reload()) tell("SIGHUP: nothing new was taken");
  }
  gateway.stop();
  return success;
}

std::string is_amount(const std::string& text) {
  double number = 0;
  const bool good = CLI::detail::lexical_cast(text, number) && number >= 0 && std::isfinite(number);
  return good ? std::string() : "`" + text + "` is no amount";
}

template <class T>
void add_count(CLI::App& verb, const std::string& name, T& value, const std::string& help) {
  verb.add_option(name, value, help)->check(is_amount)->capture_default_str();
}

void add_upstream_options(CLI::App& verb, GatewayArguments& a) {
  add_duration(verb, "--timeout", a.timeout, "Of a call to an upstream; 10s without it");
  add_duration(verb, "--connect-timeout", a.connect_timeout, "2s without it");
  add_count(verb, "--connections", a.upstream.connections,
            "To each endpoint and from each thread, at most");
  add_count(verb, "--retries", a.upstream.retries, "Where sending a call again is safe");
  add_count(verb, "--breaker-failures", a.upstream.breaker_failures,
            "Failures in a row that open an endpoint's circuit; 0: never");
  add_duration(verb, "--open-time", a.open_time, "How long a circuit stays open; 5s without it");
  add_duration(verb, "--check-interval", a.check_interval,
               "Connect to each endpoint so often to see whether it is there");
}

void add_server_options(CLI::App& verb, GatewayArguments& a) {
  GatewayOptions& g = a.gateway;
  verb.add_option("--threads", g.threads, "That do I/O; one a processor without it")
      ->check(is_amount);
  add_count(verb, "--workers", g.workers, "Threads for large replies");
  add_count(verb, "--busy-poll", a.busy_poll,
            "Microseconds that a thread looks for more before it sleeps, while that pays");
  add_count(verb, "--max-header", g.max_header, "Bytes");
  add_count(verb, "--max-body", g.max_body, "Bytes");
  add_count(verb, "--max-reply", a.upstream.max_reply, "Bytes of an upstream's");
  add_count(verb, "--max-connections", g.max_connections, "Of clients");
  add_count(verb, "--max-in-flight", g.max_in_flight, "Calls");
  add_duration(verb, "--header-timeout", a.header_timeout, "10s without it");
  add_duration(verb, "--body-timeout", a.body_timeout, "1min without it");
  add_duration(verb, "--idle-timeout", a.idle_timeout, "Between two requests; 75s without it");
  add_duration(verb, "--drain-timeout", a.drain_timeout, "For requests that run; 30s without it");
  add_duration(verb, "--drain-delay", a.drain_delay,
               "Before SIGTERM closes anything, with /readyz saying 503");
  verb.add_option("--rate", g.rate, "Requests a second and client; those of UNIX sockets are one")
      ->check(is_amount);
  verb.add_option("--burst", g.burst, "Requests of a client at once")->check(is_amount);
  verb.add_flag("--trust-forwarded", g.trust_forwarded,
                "The client is the last address of X-Forwarded-For");
  verb.add_option("--cors", g.cors_origins, "An origin that browsers may call from, or *")
      ->type_name("ORIGIN");
  verb.add_option("--forward-header", g.forward_headers,
                  "A header field that goes to upstreams; traceparent, tracestate and baggage "
                  "without it")
      ->type_name("NAME");
  verb.add_flag("--skip-unknown-fields", g.skip_unknown_fields, "Of JSON, instead of refusing it");
  verb.add_option("--token-file", a.token_file, "Bearer tokens that are good, one a line")
      ->type_name("FILE");
  verb.add_option("--access-log", a.access_log, "JSON, a line a request; - is standard error")
      ->type_name("FILE");
}

}  // namespace

void add_gateway(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<GatewayArguments>();
  GatewayArguments& a = *arguments;
  CLI::App* const verb =
      app.add_subcommand("gateway", "Put HTTP and JSON in front of Thrift services");
  verb->add_option("FILE", a.files, "The .thrift files, and folders of such");
  verb->add_option("--upstream", a.upstreams,
                   "Where a service is: Service=URL, or a URL for all; several are its endpoints")
      ->type_name("[SERVICE=]URL");
  verb->add_option("--listen", a.listen, "Where to listen; port 0 takes a free one")
      ->type_name("URL");
  verb->add_option("--map", a.statuses, "The HTTP status of a declared exception")
      ->type_name("EXCEPTION=STATUS");
  verb->add_flag("--watch", a.watch, "Follow changes of the files");
  add_duration(*verb, "--watch-interval", a.watch_interval, "Between two looks; 1s without it");
  verb->add_option("--config", a.config, "JSON: these options, `{\"max_body\": 1000}`")
      ->type_name("FILE.json");
  verb->add_flag("--config-schema", a.config_schema, "Print a JSON Schema of that file");
  add_upstream_options(*verb, a);
  add_server_options(*verb, a);
  a.json.add_to(*verb);
  a.load.add_to(*verb);
  verb->footer(
      "The endpoint, with the port that was taken, is told on standard error. SIGTERM and SIGINT\n"
      "finish what runs, SIGHUP looks for changes of the files. /docs has a page for people,\n"
      "/openapi.json, /schema/TYPE.json and /idl.json are for programs; /healthz, /readyz, "
      "/status\n"
      "and /metrics for operators.\n"
      "Example:\n"
      "  thriftpp gateway user.thrift --upstream UserService=tcp://127.0.0.1:9090 \\\n"
      "    --listen http://127.0.0.1:8080 --int64 string --watch\n"
      "  curl --json '{\"userId\": \"1\"}' http://127.0.0.1:8080/UserService/getUser");
  verb->callback([arguments, verb, &exit_code] { exit_code = run(*verb, *arguments); });
}

}  // namespace thrift::command
