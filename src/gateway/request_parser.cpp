// Boost.Beast's parser, of which only the part without containers and sockets is used: it calls
// back with each piece. Headers only, and seen by this file alone.

#include "gateway/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

#include "gateway/response.hpp"

namespace thrift::gateway {

namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view plain(string_view s) noexcept {
  return {s.data(), s.size()};
}

int status_of(const error_code& error) noexcept {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  if (error == http::error::bad_version) return 505;
  return 400;
}

}  // namespace

// Of response.hpp: Beast has the table.
std::string_view reason_phrase(int status) noexcept {
  return plain(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status))));
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
    int refused = 0;

   private:
    void on_request_impl(http::verb /*method*/, string_view method, string_view target, int version,
                         error_code& /*error*/) override {
      request_.method_ = request_.keep(plain(method));
      request_.target_ = request_.keep(plain(target));
      request_.version_ = version;
    }
    void on_response_impl(int /*code*/, string_view /*reason*/, int /*version*/,
                          error_code& /*error*/) override {}
    void on_field_impl(http::field name, string_view text, string_view value,
                       error_code& error) override {
      if (request_.fields_.size() >= limits_.fields) {
        error = http::error::header_limit;
        return;
      }
      if (name == http::field::expect) {
        expects = same_name(plain(value), "100-continue");
        if (!expects) refused = 417;
      }
      const auto kept_name = request_.keep(plain(text));
      const auto kept_value = request_.keep(plain(value));
      request_.fields_.push_back({kept_name, kept_value});
    }
    void on_header_impl(error_code& /*error*/) override {}
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

    const RequestLimits& limits_;
    Request& request_;
  };

  const RequestLimits& limits;
  std::optional<Message> message;  // while a request is not whole
  bool asked = false;              // to go on
};

RequestParser::RequestParser(const RequestLimits& limits)
    : limits_(limits), parser_(std::make_unique<Parser>(limits_)) {}

RequestParser::~RequestParser() = default;

RequestParser::Taken RequestParser::parse(std::span<const std::byte> bytes, Request& out) {
  Taken taken;
  auto& message = parser_->message;
  if (!message) {
    if (bytes.empty()) return taken;
    out.clear();
    message.emplace(limits_, out);
    parser_->asked = false;
  }
  for (;;) {
    const auto rest = bytes.subspan(taken.used);
    error_code error;
    const std::size_t used =
        message->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    taken.used += used;
    if (error == http::error::need_more) error = {};
    if (error || message->refused != 0) {
      taken.status = error ? status_of(error) : message->refused;
      taken.problem = error ? "bad HTTP: " + error.message() : "an expectation that nobody meets";
      message.reset();
      return taken;
    }
    if (message->is_done()) {
      out.keep_alive_ = message->keep_alive();
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
