// thriftpp probe FILE --to URL: finds out what a port speaks, and prints the URL to use.
//
// It calls a method that no service has. Whoever understands the call answers that the method is
// unknown, and nothing happens: so it is safe to try anything on any service.

#include <cstdio>
#include <memory>
#include <thriftpp/rpc/client.hpp>

#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct ProbeArguments {
  std::string file;
  std::string to;
  Milliseconds timeout;
  bool verbose = false;
  LoadArguments load;
};

using Transport = Endpoint::Transport;
using Protocol = Endpoint::Protocol;
using Scheme = Endpoint::Scheme;

/// The likely ones first: each wrong one may take a whole time-out.
constexpr std::pair<Transport, Protocol> ways[] = {
    {Transport::framed, Protocol::binary},  {Transport::buffered, Protocol::binary},
    {Transport::framed, Protocol::compact}, {Transport::buffered, Protocol::compact},
    {Transport::header, Protocol::binary},  {Transport::header, Protocol::compact},
    {Transport::framed, Protocol::header},  {Transport::buffered, Protocol::json},
    {Transport::framed, Protocol::json},    {Transport::zlib, Protocol::binary},
    {Transport::zlib, Protocol::compact},   {Transport::zlib, Protocol::json},
};

/// The same place with HTTP around the messages.
std::optional<Endpoint> over_http(Endpoint endpoint) {
  switch (endpoint.scheme) {
    case Scheme::tcp: endpoint.scheme = Scheme::http; break;
    case Scheme::tls: endpoint.scheme = Scheme::https; break;
    case Scheme::unix_:
      endpoint.scheme = Scheme::http_unix;
      endpoint.host = endpoint.path;
      break;
    default: return std::nullopt;
  }
  endpoint.path = "/";
  return endpoint;
}

/// What to try, as far as the URL leaves it open.
std::vector<Endpoint> candidates(const Endpoint& base) {
  std::vector<Endpoint> out;
  const auto add = [&](Endpoint endpoint, Transport transport, Protocol protocol) {
    if (base.transport != Transport::auto_ && base.transport != transport) return;
    if (base.protocol != Protocol::auto_ && base.protocol != protocol) return;
    endpoint.protocol = protocol;
    endpoint.transport = transport;
    out.push_back(std::move(endpoint));
  };
  const auto add_http = [&](Endpoint endpoint) {
    for (const Protocol protocol : {Protocol::binary, Protocol::compact, Protocol::json}) {
      add(endpoint, Transport::auto_, protocol);
    }
  };
  if (base.is_http()) {
    add_http(base);
    return out;
  }
  for (const auto& [transport, protocol] : ways) {
    if (transport == Transport::header && base.transport == Transport::auto_) {
      // An HTTP server knows no other way; it answers anything with an error, but soon.
      if (protocol == Protocol::binary) {
        if (std::optional<Endpoint> http = over_http(base)) add_http(*std::move(http));
      }
    }
    add(base, transport, protocol);
  }
  return out;
}

enum class Answer { none, closed, understood, wants_service };

class Prober {
 public:
  explicit Prober(const ProbeArguments& arguments) : arguments_(arguments) {}

  Answer ask(const Endpoint& endpoint) {
    const std::string url = endpoint.to_string();
    Answer answer = Answer::none;
    std::string told;
    try {
      const Client client(idl_, "Probe", url, {.connect_timeout = timeout(), .timeout = timeout()});
      client.call("thriftpp_probe");
      answer = Answer::understood;
      told = "answered";
    } catch (const ApplicationError& error) {
      told = error.message();
      if (error.from_peer()) {
        answer = Answer::understood;
        // How Apache's runtimes say that they serve several services and got no service's name.
        for (const std::string_view sign :
             {"ultiplex", "ervice name not found", "there is no service"}) {
          if (told.find(sign) != std::string::npos) answer = Answer::wants_service;
        }
      }
    } catch (const TransportError& error) {
      told = error.message();
      if (error.kind() == TransportErrorKind::not_open && !connected_) throw;
      if (error.kind() == TransportErrorKind::end_of_file) answer = Answer::closed;
    } catch (const Error& error) {
      told = error.message();
    }
    connected_ = true;
    if (arguments_.verbose) {
      const bool nothing = answer == Answer::none || answer == Answer::closed;
      std::fprintf(stderr, "%s %s: %s\n", nothing ? "-" : "+", url.c_str(), told.c_str());
    }
    return answer;
  }

 private:
  [[nodiscard]] std::chrono::milliseconds timeout() const {
    return arguments_.timeout.value_or(std::chrono::milliseconds(1000));
  }

  const ProbeArguments& arguments_;
  Idl idl_ = loads("service Probe { void thriftpp_probe() }");
  bool connected_ = false;  // at least once: what is refused later is a matter of the protocol
};

/// A line for each service that is there; whether any is.
bool find_services(Prober& prober, const Endpoint& endpoint, const Idl& idl) {
  bool any = false;
  for (const Service* const service : idl.services()) {
    Endpoint multiplexed = endpoint;
    multiplexed.service = service->name();
    if (prober.ask(multiplexed) != Answer::understood) continue;
    print(multiplexed.to_string() + '\n');
    any = true;
  }
  return any;
}

int run(const ProbeArguments& arguments) {
  const Endpoint base = Endpoint::parse(arguments.to);
  const Idl idl = load_for(arguments.load, arguments.file);
  Prober prober(arguments);
  std::vector<Endpoint> closed;
  for (const Endpoint& endpoint : candidates(base)) {
    const Answer answer = prober.ask(endpoint);
    if (answer == Answer::none) continue;
    if (answer == Answer::closed) {
      if (endpoint.service.empty()) closed.push_back(endpoint);
    } else if (answer == Answer::understood || !endpoint.service.empty()) {
      print(endpoint.to_string() + '\n');
      return success;
    } else if (find_services(prober, endpoint, idl)) {
      return success;
    }
  }
  // Some multiplexed servers of Apache's answer a name without a service by closing the connection.
  for (const Endpoint& endpoint : closed) {
    if (find_services(prober, endpoint, idl)) return success;
  }
  std::fprintf(stderr, "thriftpp: %s: nothing that was tried was understood (-v shows what)\n",
               base.address().c_str());
  return broken;
}

}  // namespace

void add_probe(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ProbeArguments>();
  CLI::App* const verb =
      app.add_subcommand("probe", "Find out what a port speaks and print the URL to use");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("--to", arguments->to,
                   "Where the service is; what it says is not tried otherwise")
      ->required()
      ->type_name("URL");
  add_duration(*verb, "--timeout", arguments->timeout, "Of each try; 1s without it");
  verb->add_flag("-v,--verbose", arguments->verbose, "Show each try on standard error");
  arguments->load.add_to(*verb);
  verb->footer(
      "Framings and protocols are tried with a method that no service has: nothing is done, and\n"
      "whoever understands the call says that it is unknown. Of a multiplexed server a line is\n"
      "printed for each service of FILE that it has. Exit code 5 where nothing was understood.\n"
      "Example:\n"
      "  thriftpp probe user.thrift --to tcp://127.0.0.1:9090");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
