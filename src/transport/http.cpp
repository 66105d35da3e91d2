// HTTP/1.1 as a carrier: each message is the body of a POST, each reply that of the response.
// Boost.Beast's parsers do the syntax, keep-alive, chunks and limits; they are headers only, have
// no socket, and are seen by this file alone. (Boost 1.74 and the standalone asio do not get along
// in one translation unit but for the headers below.)

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <optional>

#include "transport/carrier.hpp"
#include "transport/websocket.hpp"

namespace thrift::transport {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::string_view thrift_type = "application/x-thrift";

std::string_view text(boost::beast::string_view s) {
  return {s.data(), s.size()};
}

std::string text_of(const error_code& error) {
  return "bad HTTP: " + error.message();
}

void append_number(std::size_t n, Buffer& out) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, n);
  out.append(digits, static_cast<std::size_t>(end - digits));
}

// Throws where a header would break out of its line.
void append_headers(const Headers& headers, Buffer& out) {
  for (const auto& [name, value] : headers) {
    constexpr std::string_view special = "()<>@,;:\\\"/[]?={} \t";
    bool good = !name.empty();
    for (const char c : name) {
      good = good && c > ' ' && c < 127 && special.find(c) == std::string_view::npos;
    }
    for (const char c : value) {
      good = good && (static_cast<unsigned char>(c) >= ' ' || c == '\t') && c != 127;
    }
    if (!good) throw CarrierError("`" + name + "` is no header that HTTP can send");
    out.append(name);
    out.append(": ");
    out.append(value);
    out.append("\r\n");
  }
}

template <class Fields>
Headers all_headers(const Fields& fields) {
  Headers out;
  for (const auto& field : fields) {
    out.emplace_back(text(field.name_string()), text(field.value()));
  }
  return out;
}

// Apache's C++ runtime before 0.24 knows of no response to a oneway call: a client of it takes one
// for the answer to its next call, and a server of it sends none. (THRIFT-6021)
bool is_apache_without_oneway(std::string_view agent, std::string_view suffix) {
  constexpr std::string_view prefix = "Thrift/0.";
  if (!agent.starts_with(prefix)) return false;
  agent.remove_prefix(prefix.size());
  unsigned minor = 0;
  const auto [end, error] = std::from_chars(agent.data(), agent.data() + agent.size(), minor);
  return error == std::errc() && minor < 24 && agent.ends_with(suffix);
}

// What both sides have in common: one message after the other through Beast's parser.
template <bool is_request>
class Http : public Carrier {
 public:
  explicit Http(const HttpLimits& limits) : limits_(limits) {}

  [[nodiscard]] bool has_exchanges() const noexcept override { return true; }
  [[nodiscard]] bool answers_oneway() const noexcept override {
    return is_request ? !is_apache_without_oneway(text(message_[http::field::user_agent]),
                                                  "(C++/THttpClient)")
                      : !is_apache_without_oneway(text(message_[http::field::server]), "");
  }
  [[nodiscard]] bool in_message() const noexcept override { return parser_.has_value(); }
  [[nodiscard]] bool in_header() const noexcept override {
    return parser_ && !parser_->is_header_done();
  }
  [[nodiscard]] bool is_over() const noexcept override { return over_; }
  [[nodiscard]] const Headers& headers() const noexcept override {
    if (!headers_) headers_ = all_headers(message_.base());
    return *headers_;
  }
  [[nodiscard]] std::string_view content_type() const noexcept override {
    return text(message_[http::field::content_type]);
  }

 protected:
  using Parser = http::parser<is_request, http::string_body>;
  using Message = http::message<is_request, http::string_body>;

  // Feeds the parser until a message is whole (true) or bytes are missing. `used` grows.
  bool parse(std::span<const std::byte> bytes, std::size_t& used, error_code& error) {
    if (!parser_) {
      if (bytes.empty()) return false;
      begin();
    }
    for (;;) {
      const auto rest = bytes.subspan(used);
      used += parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
      if (error == http::error::need_more) error = {};
      if (error) return false;
      if (parser_->is_header_done() && !parser_->eager()) take_header();
      if (parser_->is_done()) return take();
      // Everything was consumed, or what is left is the part of a line.
      if (used == bytes.size() || rest.size() == bytes.size() - used) return false;
    }
  }
  // Trailers, which the parser puts among the fields, are thrown away: who adds or checks fields in
  // front of us looks at the header only.
  void take_header() {
    parser_->eager(true);  // from here on as much at once as there is
    keep_alive_ = parser_->keep_alive();
    if (parser_->chunked()) header_ = parser_->get().base();
  }
  bool take() {
    message_ = parser_->release();
    if (header_) message_.base() = *std::exchange(header_, std::nullopt);
    parser_.reset();
    headers_.reset();
    return true;
  }
  void begin() {
    parser_.emplace();
    header_.reset();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header));
    parser_->body_limit(limits_.body);
  }

  HttpLimits limits_;
  std::optional<Parser> parser_;                         // while a message is not whole
  std::optional<typename Message::header_type> header_;  // of one that comes in chunks
  Message message_;
  mutable std::optional<Headers> headers_;
  bool keep_alive_ = true;
  bool over_ = false;
};

class HttpServer final : public Http<true> {
 public:
  using Http::Http;

  Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& out) override {
    if (over_) return {bytes.size(), false};
    Taken taken;
    error_code error;
    const bool whole = parse(bytes, taken.used, error);
    if (error) {
      std::string_view status = "400 Bad Request";
      if (error == http::error::body_limit) status = "413 Payload Too Large";
      if (error == http::error::header_limit) status = "431 Request Header Fields Too Large";
      respond_and_close(status, text_of(error), out);
      throw CarrierError(text_of(error));
    }
    if (!whole) {
      ask_to_continue(out);
      return taken;
    }
    asked_ = false;
    if (!is_length_known()) {
      respond_and_close("501 Not Implemented", "the body's transfer coding is not supported", out);
      throw CarrierError("a transfer coding that is not supported");
    }
    if (limits_.websocket && wants_websocket()) {
      upgrade(out);
      return taken;
    }
    if (!limits_.exchanges) {
      respond_and_close("426 Upgrade Required", "this endpoint speaks WebSocket", out);
      return taken;
    }
    if (message_.method() != http::verb::post && message_.method() != http::verb::put) {
      respond("405 Method Not Allowed", "text/plain", "send Thrift messages with POST\n",
              {{"Allow", "POST"}}, message_.method() != http::verb::head, out);
      return taken;
    }
    payload.append(message_.body());
    taken.payload = true;
    return taken;
  }

  void wrap(std::span<const std::byte> payload, const Headers& headers, Buffer& out) override {
    if (payload.empty() && !answers_oneway()) {
      over_ = !keep_alive_;
      return;
    }
    std::string_view type = content_type();
    if (!type.starts_with("application/")) type = thrift_type;
    respond("200 OK", type, {reinterpret_cast<const char*>(payload.data()), payload.size()},
            headers, true, out);
  }

  void refuse(std::string_view why, Buffer& out) override {
    respond_and_close("400 Bad Request", why, out);
  }

  [[nodiscard]] std::unique_ptr<Carrier> take_successor() override { return std::move(successor_); }

 private:
  void ask_to_continue(Buffer& out) {
    if (asked_ || !parser_->is_header_done()) return;
    asked_ = true;
    const auto expect = parser_->get()[http::field::expect];
    if (boost::beast::iequals(expect, "100-continue")) out.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  void respond_and_close(std::string_view status, std::string_view why, Buffer& out) {
    keep_alive_ = false;
    respond(status, "text/plain", std::string(why) + '\n', {}, true, out);
  }
  void respond(std::string_view status, std::string_view type, std::string_view body,
               const Headers& headers, bool with_body, Buffer& out) {
    const std::size_t start = out.size();
    out.append("HTTP/1.1 ");
    out.append(status);
    out.append("\r\nContent-Type: ");
    out.append(type);
    out.append("\r\nContent-Length: ");
    append_number(body.size(), out);
    out.append("\r\n");
    if (!keep_alive_) {
      out.append("Connection: close\r\n");
    } else if (message_.version() < 11) {
      out.append("Connection: keep-alive\r\n");
    }
    try {
      append_headers(headers, out);
    } catch (...) {
      out.truncate(start);
      throw;
    }
    out.append("\r\n");
    if (with_body) out.append(body);
    over_ = !keep_alive_;
  }

  // A transfer coding that is not undone leaves a body whose end is not known: what follows would
  // be taken for a request.
  [[nodiscard]] bool is_length_known() const {
    const auto [first, last] = message_.equal_range(http::field::transfer_encoding);
    return first == last ||
           (std::next(first) == last && boost::beast::iequals(first->value(), "chunked") &&
            message_.version() >= 11);
  }
  [[nodiscard]] bool wants_websocket() const {
    return message_.method() == http::verb::get &&
           http::token_list(message_[http::field::connection]).exists("upgrade") &&
           http::token_list(message_[http::field::upgrade]).exists("websocket");
  }
  void upgrade(Buffer& out) {
    const std::string_view key = text(message_[http::field::sec_websocket_key]);
    if (text(message_[http::field::sec_websocket_version]) != "13") {
      keep_alive_ = false;
      return respond("426 Upgrade Required", "text/plain", "WebSocket's version is 13\n",
                     {{"Sec-WebSocket-Version", "13"}}, true, out);
    }
    if (key.size() != 24) return respond_and_close("400 Bad Request", "no Sec-WebSocket-Key", out);
    out.append(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: ");
    out.append(websocket_accept(key));
    out.append("\r\n\r\n");
    successor_ = make_websocket(WebSocketSide::server);
  }

  std::unique_ptr<Carrier> successor_;
  bool asked_ = false;  // to go on with the body
};

class HttpClient final : public Http<false> {
 public:
  HttpClient(const HttpLimits& limits, std::string host, std::string path)
      : Http(limits), host_(std::move(host)), path_(std::move(path)) {}

  Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& /*out*/) override {
    Taken taken;
    for (;;) {
      error_code error;
      const bool whole = parse(bytes, taken.used, error);
      if (error) throw CarrierError(text_of(error));
      if (!whole) return taken;
      if (message_.result_int() >= 200) break;  // what comes before is a word in between
    }
    deliver(payload);
    taken.payload = true;
    return taken;
  }

  // A response without a length ends with the connection.
  bool end(Buffer& payload) override {
    if (!parser_ || !parser_->is_header_done()) return false;
    error_code error;
    parser_->put_eof(error);
    if (error || !parser_->is_done()) return false;
    take();
    deliver(payload);
    return true;
  }

  void wrap(std::span<const std::byte> payload, const Headers& headers, Buffer& out) override {
    out.append("POST ");
    out.append(path_);
    out.append(" HTTP/1.1\r\nHost: ");
    out.append(host_);
    out.append("\r\nUser-Agent: thriftpp\r\n");
    if (find_header(headers, "Content-Type") == nullptr) {
      out.append("Content-Type: application/x-thrift\r\n");
    }
    if (find_header(headers, "Accept") == nullptr) out.append("Accept: application/x-thrift\r\n");
    out.append("Content-Length: ");
    append_number(payload.size(), out);
    out.append("\r\n");
    append_headers(headers, out);
    out.append("\r\n");
    out.append(payload);
  }

 private:
  void deliver(Buffer& payload) {
    over_ = !keep_alive_;
    if (message_.result_int() / 100 != 2) {
      over_ = true;
      std::string reason(text(message_.reason()));
      throw CarrierError("HTTP status " + std::to_string(message_.result_int()) +
                         (reason.empty() ? "" : ' ' + reason));
    }
    payload.append(message_.body());
  }

  std::string host_;
  std::string path_;
};

}  // namespace

void write_upgrade_request(std::string_view host, std::string_view path, std::string_view key,
                           Buffer& out) {
  out.append("GET ");
  out.append(path);
  out.append(" HTTP/1.1\r\nHost: ");
  out.append(host);
  out.append(
      "\r\nUser-Agent: thriftpp\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
  out.append(key);
  out.append("\r\n\r\n");
}

bool read_upgrade_response(std::span<const std::byte> bytes, std::string_view accept) {
  http::parser<false, http::string_body> parser;
  error_code error;
  const std::size_t used = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == http::error::need_more) error = {};
  if (error) throw CarrierError(text_of(error));
  if (!parser.is_header_done()) return false;
  const auto& response = parser.get();
  if (response.result_int() != 101) {
    throw CarrierError("HTTP status " + std::to_string(response.result_int()) + ' ' +
                       std::string(text(response.reason())));
  }
  if (!http::token_list(response[http::field::upgrade]).exists("websocket") ||
      text(response[http::field::sec_websocket_accept]) != accept) {
    throw CarrierError("the server agreed to something else");
  }
  if (used != bytes.size()) throw CarrierError("the server spoke first");
  return true;
}

std::unique_ptr<Carrier> make_http_server(const HttpLimits& limits) {
  return std::make_unique<HttpServer>(limits);
}

std::unique_ptr<Carrier> make_http_client(const HttpLimits& limits, std::string host,
                                          std::string path) {
  return std::make_unique<HttpClient>(limits, std::move(host), std::move(path));
}

}  // namespace thrift::transport
