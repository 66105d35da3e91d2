// Boost.Beast's parser, of which only the part without containers and sockets is used: it calls
// back with each piece. Headers only, and seen by this file alone.

#include "gateway/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

#include "gateway/response.hpp"

namespace thrift::gateway {

namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

// Before a request: some clients end a body with one too many.
constexpr unsigned most_empty_lines = 4;

std::string_view plain(string_view s) noexcept {
  return {s.data(), s.size()};
}

int status_of(const error_code& error) noexcept {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  if (error == http::error::bad_version) return 505;
  return 400;
}

// Why a request cannot be, where Beast has no word for it.
struct Refusal {
  int status = 0;
  const char* problem = "";
};

// A transfer coding that is not undone would leave a body whose end is not known: what follows
// would be taken for a request.
Refusal check_transfer_coding(std::string_view value, const Request& request) {
  if (!request.is_http_1_1()) return {400, "HTTP/1.0 knows no `Transfer-Encoding`"};
  if (same_name(value, "chunked")) return {};
  const auto codings = list_elements(value);
  if (codings.empty() || same_name(codings.front(), "chunked")) {
    return {400, "bad HTTP: `chunked` stands last in `Transfer-Encoding`, and once"};
  }
  return {501, "a transfer coding that the gateway does not undo"};
}

bool consists_of(std::string_view text, std::string_view allowed) noexcept {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

// uri-host [":" port], RFC 3986: a name, which may be empty, or an address in brackets.
bool is_valid_host(std::string_view host) noexcept {
  constexpr std::string_view name =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()*+,;=";
  constexpr std::string_view address = "abcdefABCDEF0123456789:.";
  std::size_t end = std::min(host.find(':'), host.size());
  if (host.starts_with('[')) {
    const std::size_t bracket = host.find(']');
    if (bracket == std::string_view::npos || bracket == 1) return false;
    if (!consists_of(host.substr(1, bracket - 1), address)) return false;
    end = bracket + 1;
  } else if (!consists_of(host.substr(0, end), name)) {
    return false;
  }
  const std::string_view port = host.substr(end);
  return port.empty() || (port.front() == ':' && consists_of(port.substr(1), "0123456789"));
}

// What stands behind the scheme of a target that is a whole URL.
std::optional<std::string_view> behind_scheme(std::string_view target) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (same_name(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
  }
  return std::nullopt;
}

}  // namespace

// Of response.hpp: Beast has the table.
std::string_view reason_phrase(int status) noexcept {
  if (status == 418) return "I'm a teapot";  // which Beast lacks
  const http::status known = http::int_to_status(static_cast<unsigned>(status));
  return known == http::status::unknown ? std::string_view() : plain(http::obsolete_reason(known));
}

class RequestParser::Parser {
 public:
  explicit Parser(const RequestLimits& its_limits) : limits(its_limits) {}

  class Message final : public http::basic_parser<true> {
   public:
    Message(const RequestLimits& limits, Request& request) : limits_(limits), request_(request) {
      eager(true);
      header_limit(static_cast<std::uint32_t>(limits.header));
      body_limit(limits.body);
    }
    bool expects = false;
    Refusal refusal;

   private:
    void on_request_impl(http::verb /*method*/, string_view method, string_view target, int version,
                         error_code& error) override {
      request_.method_ = request_.keep(plain(method));
      request_.version_ = version;
      if (const auto url = behind_scheme(plain(target))) return take_url(*url, error);
      request_.target_ = request_.keep(plain(target));
    }
    void on_response_impl(int /*code*/, string_view /*reason*/, int /*version*/,
                          error_code& /*error*/) override {}
    void on_field_impl(http::field name, string_view text, string_view value,
                       error_code& error) override {
      size_ += text.size() + value.size();
      if (++fields_ > limits_.fields || size_ > limits_.header) {
        error = http::error::header_limit;
        return;
      }
      // Trailers are thrown away: who adds or checks fields in front of us looks at the header
      // only.
      if (is_header_done()) return;
      if (!accept(check(name, plain(value)), error)) return;
      const auto kept_name = request_.keep(plain(text));
      const auto kept_value =
          name == http::field::host && host_ ? *host_ : request_.keep(plain(value));
      request_.fields_.push_back({kept_name, kept_value});
    }
    void on_header_impl(error_code& error) override {
      if (hosts_ == 0 && request_.is_http_1_1()) accept({400, "bad HTTP: no `Host`"}, error);
      request_.keep_alive_ = keep_alive();  // now, since trailers have no say in it
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>& size,
                           error_code& /*error*/) override {
      // No memory for what is only announced, but for what usually comes at once.
      if (size) request_.body_.reserve(std::min<std::size_t>(*size, 64 * 1024));
    }
    std::size_t on_body_impl(string_view body, error_code& /*error*/) override {
      request_.body_.append(plain(body));
      return body.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, string_view /*extensions*/,
                              error_code& /*error*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, string_view body,
                                   error_code& error) override {
      if (request_.body_.size() + body.size() > limits_.body) {
        error = http::error::body_limit;
        return 0;
      }
      request_.body_.append(plain(body));
      return body.size();
    }
    void on_finish_impl(error_code& /*error*/) override {}

    bool accept(const Refusal& found, error_code& error) noexcept {
      if (found.status == 0) return true;
      refusal = found;
      error = http::error::bad_value;  // any one: Beast is to stop
      return false;
    }
    // Proxies are sent whole URLs, and servers must take them too: routes know of paths, and the
    // host counts instead of the one in the header.
    void take_url(std::string_view url, error_code& error) {
      const std::size_t end = std::min(url.find_first_of("/?"), url.size());
      const std::string_view host = url.substr(0, end);
      const std::string_view path = url.substr(end);
      if (host.empty() || !is_valid_host(host)) {
        accept({400, "bad HTTP: the target has no host"}, error);
        return;
      }
      host_ = request_.keep(host);
      if (path.empty() && request_.method() == "OPTIONS") {
        request_.target_ = request_.keep("*");
      } else {
        request_.target_ = request_.keep((path.starts_with('/') ? "" : "/") + std::string(path));
      }
    }
    Refusal check(http::field name, std::string_view value) {
      if (name == http::field::host) {
        if (++hosts_ > 1) return {400, "bad HTTP: `Host` twice"};
        if (!is_valid_host(value)) return {400, "bad HTTP: `Host` is none"};
      }
      if (name == http::field::transfer_encoding) return check_transfer_coding(value, request_);
      if (name == http::field::expect && request_.is_http_1_1()) {
        expects = same_name(value, "100-continue");
        if (!expects) return {417, "an expectation that nobody meets"};
      }
      return {};
    }

    const RequestLimits& limits_;
    Request& request_;
    std::optional<Request::Piece> host_;  // of the target
    unsigned hosts_ = 0;                  // fields of that name
    std::size_t fields_ = 0;              // trailers too
    std::size_t size_ = 0;                // theirs
  };

  // How much of the text is empty lines in front of a request.
  std::size_t skip_empty_lines(std::string_view text) noexcept {
    std::size_t used = 0;
    for (; empty_lines < most_empty_lines && text.substr(used).starts_with("\r\n"); ++empty_lines) {
      used += 2;
    }
    return used;
  }

  const RequestLimits& limits;
  std::optional<Message> message;  // while a request is not whole
  unsigned empty_lines = 0;        // since the last one
  bool asked = false;              // to go on
};

RequestParser::RequestParser(const RequestLimits& limits)
    : limits_(limits), parser_(std::make_unique<Parser>(limits_)) {}

RequestParser::~RequestParser() = default;

RequestParser::Taken RequestParser::parse(std::span<const std::byte> bytes, Request& out) {
  Taken taken;
  auto& message = parser_->message;
  if (!message) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    taken.used = parser_->skip_empty_lines(text);
    const std::string_view rest = text.substr(taken.used);
    if (rest.empty() || rest == "\r") return taken;
    out.clear();
    message.emplace(limits_, out);
    parser_->empty_lines = 0;
    parser_->asked = false;
  }
  for (;;) {
    const auto rest = bytes.subspan(taken.used);
    error_code error;
    const std::size_t used =
        message->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    taken.used += used;
    if (error == http::error::need_more) {
      error = {};
      // Chunks' headers and trailers are taken when they are whole: they may not be endless.
      if (rest.size() - used > limits_.header) error = http::error::header_limit;
    }
    if (error) {
      const Refusal& refusal = message->refusal;
      taken.status = refusal.status != 0 ? refusal.status : status_of(error);
      taken.problem = refusal.status != 0 ? refusal.problem : "bad HTTP: " + error.message();
      message.reset();
      return taken;
    }
    if (message->is_done()) {
      taken.whole = true;
      message.reset();
      return taken;
    }
    if (taken.used == bytes.size() || used == 0) return taken;
  }
}

bool RequestParser::in_message() const noexcept {
  return parser_->message.has_value();
}
bool RequestParser::in_header() const noexcept {
  return parser_->message && !parser_->message->is_header_done();
}
bool RequestParser::wants_continue() noexcept {
  const auto& message = parser_->message;
  if (!message || !message->is_header_done() || !message->expects || parser_->asked) return false;
  parser_->asked = true;
  return true;
}

}  // namespace thrift::gateway
