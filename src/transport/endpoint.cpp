#include <array>
#include <charconv>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/transport/endpoint.hpp>

namespace thrift {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 10> scheme_names = {
    "tcp", "unix", "tls", "http", "https", "ws", "wss", "udp", "memory", "http+unix"};
constexpr std::array<std::string_view, 5> protocol_names = {"auto", "binary", "compact", "json",
                                                            "header"};
constexpr std::array<std::string_view, 5> transport_names = {"auto", "buffered", "framed", "zlib",
                                                             "header"};
constexpr std::array<std::string_view, 13> key_names = {
    "protocol", "transport",   "service", "header_protocol", "compress", "sasl", "user", "ca",
    "cert",     "server_name", "key",     "connect_timeout", "timeout"};

template <std::size_t N>
int find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

template <std::size_t N>
std::string unknown(std::string_view what, std::string_view name,
                    const std::array<std::string_view, N>& names) {
  return "unknown " + std::string(what) + " `" + std::string(name) + "`" +
         did_you_mean(name, names);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What may stand in a value without being encoded.
bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~/:@,").find(c) != std::string_view::npos;
}

std::string encode(std::string_view text, std::string_view encoded_too = "") {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_plain(c) && encoded_too.find(c) == std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::string to_text(milliseconds time) {
  if (time.count() % 1000 == 0) return std::to_string(time.count() / 1000) + "s";
  return std::to_string(time.count()) + "ms";
}

// Takes a URL apart; each step throws a TransportError that quotes the URL.
class Parser {
 public:
  explicit Parser(std::string_view url) : url_(url) {}

  Endpoint parse() {
    const std::size_t colon = url_.find(':');
    if (colon == std::string_view::npos) {
      fail("no scheme; an endpoint looks like `tcp://127.0.0.1:9090`");
    }
    const int scheme = find_name(scheme_names, url_.substr(0, colon));
    if (scheme < 0) fail(unknown("scheme", url_.substr(0, colon), scheme_names));
    out_.scheme = static_cast<Endpoint::Scheme>(scheme);
    std::string_view rest = url_.substr(colon + 1);
    std::string_view query;
    if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
      query = rest.substr(mark + 1);
      rest = rest.substr(0, mark);
    }
    parse_place(rest);
    while (!query.empty()) {
      const std::size_t end = query.find('&');
      parse_pair(query.substr(0, end));
      query = end == std::string_view::npos ? "" : query.substr(end + 1);
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(std::string problem) const {
    throw TransportError(TransportErrorKind::bad_args, std::string(url_), std::move(problem));
  }

  std::string decode(std::string_view text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        out += text[i];
        continue;
      }
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) fail("`%` must be followed by two hexadecimal digits");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (out.find('\0') != std::string::npos) fail("a zero byte cannot stand in an endpoint");
    return out;
  }

  void parse_place(std::string_view rest) {
    const bool slashes = rest.starts_with("//");
    if (out_.scheme == Endpoint::Scheme::unix_) {
      if (slashes) rest.remove_prefix(2);  // unix:///path, or unix:/path
      out_.abstract = rest.starts_with("@");
      if (out_.abstract) rest.remove_prefix(1);
      out_.path = decode(rest);
      if (out_.path.empty()) fail("no path; a UNIX socket is `unix:///path` or `unix:@name`");
      if (!out_.abstract && out_.path[0] != '/') {
        fail("the path must be absolute: `unix:///path`");
      }
      return;
    }
    if (!slashes) fail("`//` must follow the scheme");
    rest.remove_prefix(2);
    if (out_.scheme == Endpoint::Scheme::memory) {
      out_.path = decode(rest);
      if (out_.path.empty()) fail("no name; a memory endpoint is `memory://name`");
      return;
    }
    const std::size_t slash = rest.find('/');
    const std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
    if (out_.scheme == Endpoint::Scheme::http_unix) {
      parse_socket_name(rest.substr(0, slash));
    } else {
      parse_host(rest.substr(0, slash));
    }
    const bool is_websocket =
        out_.scheme == Endpoint::Scheme::ws || out_.scheme == Endpoint::Scheme::wss;
    if (out_.is_http() || is_websocket) {
      out_.path = path.empty() ? "/" : std::string(path);
    } else if (!path.empty() && path != "/") {
      fail("`" + std::string(to_string(out_.scheme)) + "` has no path");
    }
  }

  void parse_socket_name(std::string_view text) {
    out_.host = decode(text);
    out_.abstract = out_.host.starts_with("@");
    if (out_.abstract) out_.host.erase(0, 1);
    if (out_.host.empty() || (!out_.abstract && out_.host[0] != '/')) {
      fail("no socket; one is `http+unix://%2Frun%2Fuser.sock/path` or `http+unix://%40name/path`");
    }
  }

  void parse_host(std::string_view authority) {
    if (authority.find('@') != std::string_view::npos) {
      fail("no user or password before the host; there is `sasl=plain&user=NAME`");
    }
    std::string_view port;
    bool has_port = false;
    if (authority.starts_with("[")) {
      const std::size_t close = authority.find(']');
      if (close == std::string_view::npos) fail("`[` without `]`");
      out_.host = decode(authority.substr(1, close - 1));
      std::string_view rest = authority.substr(close + 1);
      has_port = rest.starts_with(":");
      if (!has_port && !rest.empty()) fail("only `:port` may follow `]`");
      if (has_port) port = rest.substr(1);
    } else {
      const std::size_t colon = authority.find(':');
      if (colon != authority.rfind(':')) fail("an IPv6 address stands in `[` and `]`");
      has_port = colon != std::string_view::npos;
      out_.host = decode(authority.substr(0, colon));
      if (has_port) port = authority.substr(colon + 1);
    }
    if (out_.host == "*") out_.host.clear();
    if (has_port) {
      const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out_.port);
      if (error != std::errc() || end != port.data() + port.size()) {
        fail("`" + std::string(port) + "` is no port");
      }
    } else if (out_.scheme == Endpoint::Scheme::http || out_.scheme == Endpoint::Scheme::ws) {
      out_.port = 80;
    } else if (out_.scheme == Endpoint::Scheme::https || out_.scheme == Endpoint::Scheme::wss) {
      out_.port = 443;
    } else {
      fail("no port");
    }
  }

  void parse_pair(std::string_view pair) {
    if (pair.empty()) return;
    const std::size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    if (key == "password") fail("a password does not belong in a URL, where it ends up in logs");
    if (find_name(key_names, key) < 0) fail(unknown("key", key, key_names));
    const std::string value =
        equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1));
    if (value.empty()) fail("`" + std::string(key) + "` has no value");
    if (key == "protocol") {
      out_.protocol = named<Endpoint::Protocol>(key, value, protocol_names);
    } else if (key == "transport") {
      out_.transport = named<Endpoint::Transport>(key, value, transport_names);
    } else if (key == "header_protocol") {
      out_.header_protocol = named<Endpoint::Protocol>(key, value, protocol_names);
      if (out_.header_protocol == Endpoint::Protocol::header) {
        fail("`header_protocol` is what stands inside of the header protocol");
      }
    } else if (key == "compress") {
      if (value != "zlib") fail("unknown compress `" + value + "`; there is `zlib`");
      out_.compress_zlib = true;
    } else if (key == "sasl") {
      if (value != "plain") fail("unknown sasl `" + value + "`; there is `plain`");
      out_.sasl_plain = true;
    } else if (key == "connect_timeout") {
      out_.connect_timeout = duration(key, value);
    } else if (key == "timeout") {
      out_.timeout = duration(key, value);
    } else {
      text(key) = value;
    }
  }

  std::string& text(std::string_view key) {
    if (key == "service") return out_.service;
    if (key == "user") return out_.user;
    if (key == "ca") return out_.ca;
    if (key == "cert") return out_.cert;
    if (key == "key") return out_.key;
    return out_.server_name;
  }

  template <class E, std::size_t N>
  E named(std::string_view key, std::string_view value,
          const std::array<std::string_view, N>& names) const {
    const int found = find_name(names, value);
    if (found < 0) fail(unknown(key, value, names));
    return static_cast<E>(found);
  }

  milliseconds duration(std::string_view key, std::string_view value) const {
    std::int64_t count = 0;
    const char* const stop = value.data() + value.size();
    const auto [end, error] = std::from_chars(value.data(), stop, count);
    const std::string_view unit(end, static_cast<std::size_t>(stop - end));
    std::int64_t scale = 0;
    if (unit == "ms") scale = 1;
    if (unit == "s") scale = 1000;
    if (unit == "min") scale = 60'000;
    if (count == 0 && unit.empty()) scale = 1;  // 0 needs no unit
    constexpr std::int64_t year = 365LL * 24 * 3600 * 1000;
    if (error != std::errc() || scale == 0 || count < 0 || count > year / scale) {
      fail("`" + std::string(key) + "` is a time like `500ms`, `2s` or `1min`, not `" +
           std::string(value) + "`");
    }
    return milliseconds(count * scale);
  }

  std::string_view url_;
  Endpoint out_;
};

}  // namespace

std::string_view to_string(Endpoint::Scheme scheme) noexcept {
  return scheme_names[static_cast<std::size_t>(scheme)];
}
std::string_view to_string(Endpoint::Protocol protocol) noexcept {
  return protocol_names[static_cast<std::size_t>(protocol)];
}
std::string_view to_string(Endpoint::Transport transport) noexcept {
  return transport_names[static_cast<std::size_t>(transport)];
}

Endpoint Endpoint::parse(std::string_view url) {
  return Parser(url).parse();
}

Result<Endpoint> Endpoint::try_parse(std::string_view url) {
  try {
    return parse(url);
  } catch (const Error& e) {
    return e.failure();
  }
}

bool Endpoint::is_http() const noexcept {
  return scheme == Scheme::http || scheme == Scheme::https || scheme == Scheme::http_unix;
}

bool Endpoint::is_unix() const noexcept {
  return scheme == Scheme::unix_ || scheme == Scheme::http_unix;
}

const std::string& Endpoint::socket_name() const noexcept {
  return scheme == Scheme::http_unix ? host : path;
}

std::string Endpoint::address() const {
  std::string out(thrift::to_string(scheme));
  if (scheme == Scheme::unix_) return out + (abstract ? ":@" : "://") + encode(path);
  out += "://";
  if (scheme == Scheme::memory) return out + encode(path);
  if (scheme == Scheme::http_unix) return out + encode((abstract ? "@" : "") + host, "/@") + path;
  if (host.find(':') != std::string::npos) {
    out += '[' + encode(host) + ']';
  } else {
    out += encode(host);
  }
  return out + ':' + std::to_string(port) + path;
}

std::string Endpoint::to_string() const {
  std::string out = address();
  char separator = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty() || value == "auto") return;
    out += separator;
    out.append(name) += '=';
    out += encode(value);
    separator = '&';
  };
  add("protocol", thrift::to_string(protocol));
  add("transport", thrift::to_string(transport));
  add("service", service);
  add("header_protocol", thrift::to_string(header_protocol));
  add("compress", compress_zlib ? "zlib" : "");
  add("sasl", sasl_plain ? "plain" : "");
  add("user", user);
  add("ca", ca);
  add("cert", cert);
  add("key", key);
  add("server_name", server_name);
  add("connect_timeout", connect_timeout ? to_text(*connect_timeout) : "");
  add("timeout", timeout ? to_text(*timeout) : "");
  return out;
}

}  // namespace thrift
