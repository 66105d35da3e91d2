#include <ctime>
#include <thriftpp/base/json_writer.hpp>

#include "base/readable.hpp"
#include "gateway/serve.hpp"

namespace thrift::gateway {

namespace {

std::string now_text() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  std::tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  std::array<char, 40> text{};
  const std::size_t n = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  const std::string milliseconds = std::to_string(1000 + now.tv_nsec / 1'000'000);
  return std::string(text.data(), n) + "." + milliseconds.substr(1) + "Z";
}

// Clients may send any bytes, and many of them.
std::string shown(std::string_view text) {
  return readable(text.substr(0, 2048));
}

}  // namespace

std::string log_line(const Exchange& exchange) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("time").string(now_text());
  w.key("id").string(exchange.id);
  w.key("client").string(shown(exchange.client));
  w.key("method").string(shown(exchange.request.method()));
  w.key("target").string(shown(exchange.request.target()));
  w.key("status").integer(exchange.status);
  const auto time = transport::Clock::now() - exchange.begin;
  w.key("ms").number(
      static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) /
      1000.0);
  w.key("bytes_in").unsigned_integer(exchange.request.body().size());
  w.key("bytes_out").unsigned_integer(exchange.body_size);
  if (exchange.match.route != nullptr) {
    w.key("call").string(std::string(exchange.match.route->service->name()) + "." +
                         std::string(exchange.match.route->function->name()));
  }
  if (!exchange.exception.empty()) w.key("exception").string(exchange.exception);
  if (!exchange.problem.empty()) w.key("problem").string(shown(exchange.problem));
  w.end_object();
  return out;
}

}  // namespace thrift::gateway
