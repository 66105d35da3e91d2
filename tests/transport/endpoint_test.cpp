#include <doctest/doctest.h>

#include <thriftpp/transport/endpoint.hpp>

using namespace thrift;
using namespace std::chrono_literals;

namespace {

std::string problem(std::string_view url) {
  const Result<Endpoint> parsed = Endpoint::try_parse(url);
  REQUIRE_FALSE(parsed);
  const auto* detail = parsed.error().as<TransportErrorDetail>();
  REQUIRE(detail != nullptr);
  CHECK(detail->kind == TransportErrorKind::bad_args);
  CHECK_FALSE(detail->retryable);
  return detail->message;
}

}  // namespace

TEST_CASE("an endpoint reads every scheme") {
  const Endpoint tcp = Endpoint::parse("tcp://127.0.0.1:9090");
  CHECK(tcp.scheme == Endpoint::Scheme::tcp);
  CHECK(tcp.host == "127.0.0.1");
  CHECK(tcp.port == 9090);
  CHECK(tcp.transport == Endpoint::Transport::auto_);
  CHECK(tcp.protocol == Endpoint::Protocol::auto_);
  const Endpoint v6 = Endpoint::parse("tcp://[::1]:9090");
  CHECK(v6.host == "::1");
  CHECK(v6.address() == "tcp://[::1]:9090");
  const Endpoint file = Endpoint::parse("unix:///run/user.sock");
  CHECK(file.scheme == Endpoint::Scheme::unix_);
  CHECK(file.path == "/run/user.sock");
  CHECK_FALSE(file.abstract);
  CHECK(Endpoint::parse("unix:/run/user.sock") == file);
  const Endpoint abstract = Endpoint::parse("unix:@users");
  CHECK(abstract.path == "users");
  CHECK(abstract.abstract);
  CHECK(abstract.address() == "unix:@users");
  const Endpoint http = Endpoint::parse("http+unix://%2Frun%2Fuser.sock/v1");
  CHECK(http.socket_name() == "/run/user.sock");
  CHECK(http.path == "/v1");
  CHECK(http.is_http());
  CHECK(http.is_unix());
  CHECK(Endpoint::parse("http+unix://%40users").socket_name() == "users");
  CHECK(Endpoint::parse("http+unix://%40users").abstract);
  CHECK(Endpoint::parse("http+unix://%40users").path == "/");
  CHECK(Endpoint::parse("memory://users").path == "users");
  CHECK(Endpoint::parse("tls://host:1").scheme == Endpoint::Scheme::tls);
  CHECK(Endpoint::parse("http://host/thrift/x").path == "/thrift/x");
  CHECK(Endpoint::parse("http://host").port == 80);
  CHECK(Endpoint::parse("https://host").port == 443);
  CHECK(Endpoint::parse("wss://host:7/").port == 7);
  CHECK(Endpoint::parse("udp://host:6831").scheme == Endpoint::Scheme::udp);
  CHECK(Endpoint::parse("tcp://:0").host.empty());
  CHECK(Endpoint::parse("tcp://*:0").host.empty());
}

TEST_CASE("an endpoint reads every key of the query") {
  const Endpoint e = Endpoint::parse(
      "tls://h:1?protocol=compact&transport=header&service=Users&header_protocol=json&compress=zlib"
      "&sasl=plain&user=me%20too&ca=/a/ca.pem&cert=c&key=k&server_name=n&connect_timeout=500ms"
      "&timeout=2s");
  CHECK(e.protocol == Endpoint::Protocol::compact);
  CHECK(e.transport == Endpoint::Transport::header);
  CHECK(e.header_protocol == Endpoint::Protocol::json);
  CHECK(e.service == "Users");
  CHECK(e.compress_zlib);
  CHECK(e.sasl_plain);
  CHECK(e.user == "me too");
  CHECK(e.ca == "/a/ca.pem");
  CHECK(e.cert == "c");
  CHECK(e.key == "k");
  CHECK(e.server_name == "n");
  CHECK(e.connect_timeout == 500ms);
  CHECK(e.timeout == 2s);
  CHECK(Endpoint::parse("tcp://h:1?timeout=1min").timeout == 60s);
  CHECK(Endpoint::parse("tcp://h:1?timeout=0").timeout == 0ms);
}

TEST_CASE("an endpoint that was printed reads as the same") {
  for (const std::string_view url :
       {"tcp://127.0.0.1:9090", "tcp://[fe80::1%25eth0]:1?transport=framed",
        "unix:///a%20b/%3F.sock?protocol=json", "unix:@x", "memory://a%26b?service=S",
        "http+unix://%2Frun%2Fa%20b.sock/p/q?protocol=json", "http+unix://%40users/",
        "https://h:1/p/q?ca=/x%26y&connect_timeout=1500ms&timeout=3s",
        "tls://h:1?protocol=header&header_protocol=compact&compress=zlib&sasl=plain&user=u"}) {
    CAPTURE(url);
    const Endpoint e = Endpoint::parse(url);
    CHECK(e.to_string() == url);
    CHECK(Endpoint::parse(e.to_string()) == e);
  }
}

TEST_CASE("a wrong endpoint is told with what is wrong and what was meant") {
  CHECK(problem("localhost") ==
        "localhost: no scheme; an endpoint looks like `tcp://127.0.0.1:9090`");
  CHECK(problem("tpc://h:1") == "tpc://h:1: unknown scheme `tpc`; did you mean `tcp`?");
  CHECK(problem("tcp:h:1") == "tcp:h:1: `//` must follow the scheme");
  CHECK(problem("tcp://h") == "tcp://h: no port");
  CHECK(problem("tcp://h:x") == "tcp://h:x: `x` is no port");
  CHECK(problem("tcp://h:65536") == "tcp://h:65536: `65536` is no port");
  CHECK(problem("tcp://h:") == "tcp://h:: `` is no port");
  CHECK(problem("tcp://::1:5") == "tcp://::1:5: an IPv6 address stands in `[` and `]`");
  CHECK(problem("tcp://[::1") == "tcp://[::1: `[` without `]`");
  CHECK(problem("tcp://h:1/x") == "tcp://h:1/x: `tcp` has no path");
  CHECK(problem("unix:") == "unix:: no path; a UNIX socket is `unix:///path` or `unix:@name`");
  CHECK(problem("unix://a") == "unix://a: the path must be absolute: `unix:///path`");
  CHECK(problem("http+unix://a/b") ==
        "http+unix://a/b: no socket; one is `http+unix://%2Frun%2Fuser.sock/path` or "
        "`http+unix://%40name/path`");
  CHECK(problem("http+unix:///run/x").find("no socket") != std::string::npos);
  CHECK(problem("memory://") == "memory://: no name; a memory endpoint is `memory://name`");
  CHECK(problem("tcp://h:1?transprt=framed") ==
        "tcp://h:1?transprt=framed: unknown key `transprt`; did you mean `transport`?");
  CHECK(problem("tcp://h:1?transport=frame") ==
        "tcp://h:1?transport=frame: unknown transport `frame`; did you mean `framed`?");
  CHECK(problem("tcp://h:1?protocol=") == "tcp://h:1?protocol=: `protocol` has no value");
  CHECK(problem("tcp://h:1?timeout=5") ==
        "tcp://h:1?timeout=5: `timeout` is a time like `500ms`, `2s` or `1min`, not `5`");
  CHECK(problem("tcp://h:1?timeout=99999999999999s").find("is a time like") != std::string::npos);
  CHECK(problem("tcp://h:1?user=%4") ==
        "tcp://h:1?user=%4: `%` must be followed by two hexadecimal digits");
  CHECK(problem("tcp://h:1?password=x").find("does not belong in a URL") != std::string::npos);
  CHECK(problem("tcp://me:pw@h:1").find("no user or password") != std::string::npos);
  CHECK(problem("unix:///a%00b").find("zero byte") != std::string::npos);
}
