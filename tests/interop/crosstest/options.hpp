#pragma once

// The flags of Apache's cross test (test/crossrunner), and the URL that they mean.

#include <stdexcept>
#include <string>
#include <string_view>

namespace crosstest {

struct Options {
  std::string idl;
  std::string certs;
  std::string protocol = "binary";
  std::string transport = "buffered";
  std::string domain_socket;
  std::string host = "localhost";
  std::string port = "9090";
  std::string path;  // of HTTP; found out where it is empty
  bool ssl = false;
  bool zlib = false;
  bool abstract_namespace = false;

  /// Throws std::invalid_argument for what is no option.
  static Options parse(int argc, char** argv) {
    Options out;
    for (int i = 2; i < argc; ++i) {
      std::string_view word(argv[i]);
      const std::size_t equals = word.find('=');
      const std::string_view name = word.substr(0, equals);
      if (name == "--ssl") {
        out.ssl = true;
      } else if (name == "--zlib") {
        out.zlib = true;
      } else if (name == "--abstract-namespace") {
        out.abstract_namespace = true;
      } else if (std::string* const text = out.text(name)) {
        if (equals == std::string_view::npos && ++i == argc) {
          throw std::invalid_argument(std::string(name) + " needs a value");
        }
        *text = equals == std::string_view::npos ? argv[i] : word.substr(equals + 1);
      } else {
        throw std::invalid_argument("unknown option " + std::string(word));
      }
    }
    if (out.idl.empty()) throw std::invalid_argument("--idl is missing");
    return out;
  }

  /// What stands before the host; HTTP is recognised by a server, but a client must say it.
  [[nodiscard]] std::string server_query() const {
    return ssl ? "?cert=" + certs + "/server.crt&key=" + certs + "/server.key" : "";
  }
  [[nodiscard]] std::string unix_url() const {
    return (abstract_namespace ? "unix:@" : "unix://") + domain_socket;
  }
  [[nodiscard]] std::string http_unix_url() const {
    std::string name = abstract_namespace ? "%40" : "";
    for (const char c : domain_socket) c == '/' ? name += "%2F" : name += c;
    return "http+unix://" + name + path;
  }
  [[nodiscard]] bool is_multiplexed() const { return protocol.starts_with("multi"); }
  // What follows the URL for multiplexed calls of a service.
  [[nodiscard]] std::string service(const std::string& name) const {
    return is_multiplexed() ? "&service=" + name : "";
  }
  [[nodiscard]] std::string client_url() const {
    std::string plain = protocol;
    if (is_multiplexed()) {
      const std::string_view suffix = std::string_view(protocol).substr(5);
      plain = suffix == "c"   ? "compact"
              : suffix == "j" ? "json"
              : suffix == "h" ? "header"
                              : "binary";
    }
    if (transport == "header") plain = "header";
    const bool http = transport == "http";
    const bool websocket = transport == "websocket";
    std::string url;
    if (!domain_socket.empty()) {
      if (websocket) throw std::invalid_argument(transport + " over a UNIX socket");
      url = http ? http_unix_url() : unix_url();
    } else if (http) {
      url = (ssl ? "https://" : "http://") + host + ':' + port + path;
    } else if (websocket) {
      url = (ssl ? "wss://" : "ws://") + host + ':' + port + '/';
    } else {
      url = (ssl ? "tls://" : "tcp://") + host + ':' + port;
    }
    url += "?timeout=30s&protocol=" + plain;
    if (zlib || transport == "zlib") {
      url += "&transport=zlib";
    } else if (transport == "framed" || (transport == "buffered" && plain != "header")) {
      url += "&transport=" + transport;
    } else if (transport != "buffered" && transport != "header" && !http && !websocket) {
      throw std::invalid_argument("unknown transport " + transport);
    }
    if (ssl) {
      url += "&ca=" + certs + "/CA.pem&cert=" + certs + "/client.crt&key=" + certs + "/client.key";
      url += "&server_name=localhost";
    }
    return url;
  }

 private:
  std::string* text(std::string_view name) {
    if (name == "--idl") return &idl;
    if (name == "--certs") return &certs;
    if (name == "--protocol") return &protocol;
    if (name == "--transport") return &transport;
    if (name == "--domain-socket") return &domain_socket;
    if (name == "--host") return &host;
    if (name == "--port") return &port;
    if (name == "--path") return &path;
    return nullptr;
  }
};

}  // namespace crosstest
