#include "gateway/http_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "gateway/serve.hpp"

namespace thrift::gateway {

using transport::IoResult;
using transport::IoStatus;

namespace {

constexpr std::size_t read_size = 64 * 1024;
// Nothing is read while so much waits to be sent.
constexpr std::size_t much_output = 1024 * 1024;
constexpr std::size_t kept_output = 256 * 1024;

// After a request that was refused half way: how much more is taken before the connection closes.
constexpr std::size_t most_lingering = std::size_t{64} << 20;
constexpr std::chrono::milliseconds longest_lingering{2000};

std::string address_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "unknown";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  } else {
    return "local";
  }
  return text.data();
}

RequestLimits limits_of(const GatewayOptions& options) {
  RequestLimits out;
  out.header = options.max_header;
  out.body = options.max_body;
  return out;
}

}  // namespace

HttpConnection::HttpConnection(HttpThread& thread, transport::Socket socket)
    : thread_(thread),
      socket_(std::move(socket)),
      parser_(limits_of(thread.core().options)),
      client_(address_of(socket_.fd())) {}

HttpConnection::~HttpConnection() {
  thread_.events().forget(*this);
}

template <class F>
void HttpConnection::guarded(F step) {
  if (closed_) return;
  try {
    step();
  } catch (const std::exception& e) {
    thread_.core().log(client_ + ": " + e.what());
    close();
  }
}

void HttpConnection::start() {
  guarded([this] { watch(); });
}

void HttpConnection::on_ready(bool readable, bool writable) {
  const auto self = shared_from_this();  // it may close, and nobody else would hold it
  guarded([&] {
    if (writable && !write()) return;
    if (readable && lingering_) return linger();
    if (readable && !last_ && !ended_) {
      read();
    } else if (readable && output_.size() == sent_ && exchanges_.empty()) {
      return close();  // an error, or the end, where nothing is left to do
    }
    if (!closed_ && !lingering_) watch();
  });
}

void HttpConnection::read() {
  do {
    // Read into the thread's memory where nothing is left of earlier reads, as mostly: connections
    // then hold what has come, not room for what may.
    const bool direct = used_ == input_.size();
    Buffer& into = direct ? thread_.input() : input_;
    if (direct) {
      input_.clear();
      used_ = 0;
      into.clear();
    }
    const IoResult result = socket_.read_some({into.prepare(read_size), read_size});
    if (result.status == IoStatus::would_block) break;
    if (result.status == IoStatus::failed) return close();
    if (result.status == IoStatus::closed) {
      ended_ = true;
      if (exchanges_.empty() && sent_ == output_.size()) return close();
      break;
    }
    into.commit(result.size);
    if (direct) input_.append(into.bytes());
    if (!parser_.in_message() && exchanges_.empty()) since_ = transport::Clock::now();
    take_requests();
  } while (!closed_ && socket_.has_pending() && !last_);
}

void HttpConnection::take_requests() {
  working_ = true;
  bool more = true;
  while (more && !closed_ && !last_ && exchanges_.size() < thread_.core().options.max_pipelined &&
         output_.size() - sent_ < much_output) {
    take_one(more);
  }
  if (used_ == input_.size()) {
    input_.clear();
    used_ = 0;
    if (input_.capacity() > kept_output) input_ = Buffer();
  } else if (used_ > read_size) {
    input_.consume(used_);
    used_ = 0;
  }
  working_ = false;
  if (!closed_) write();
}

void HttpConnection::take_one(bool& more) {
  more = false;
  if (used_ == input_.size()) return;
  if (!next_) {
    next_ = std::make_shared<Exchange>();
    next_->connection = weak_from_this();
  }
  const bool was_in_message = parser_.in_message();
  const bool was_in_header = !was_in_message || parser_.in_header();
  const RequestParser::Taken taken = parser_.parse(input_.bytes().subspan(used_), next_->request);
  used_ += taken.used;
  if (taken.status != 0) return refuse(taken.status, taken.problem);
  if (!taken.whole) {
    // A request's time runs from its first byte, however often more of it comes.
    if (!was_in_message || (was_in_header && !parser_.in_header())) {
      since_ = transport::Clock::now();
    }
    return;
  }
  more = true;
  const ExchangePtr exchange = std::exchange(next_, nullptr);
  exchange->client = client_;
  exchange->begin = transport::Clock::now();
  exchange->keep_alive = exchange->request.keep_alive() && !thread_.draining() && !ended_;
  exchange->head_only = exchange->request.method() == "HEAD";
  if (!exchange->keep_alive) last_ = true;
  exchanges_.push_back(exchange);
  serve(thread_, exchange);
}

void HttpConnection::refuse(int status, const std::string& problem) {
  last_ = true;
  refused_ = true;
  const ExchangePtr exchange = next_ ? std::exchange(next_, nullptr) : std::make_shared<Exchange>();
  exchange->client = client_;
  exchange->connection = weak_from_this();
  exchange->keep_alive = false;
  exchange->head_only = exchange->request.method() == "HEAD";
  set_id(thread_, *exchange);
  exchanges_.push_back(exchange);
  Problem what;
  what.status = status;
  what.message = problem;
  respond(thread_, *exchange, what);
}

void HttpConnection::progressed() {
  if (working_ || closed_ || lingering_) return;
  const auto self = shared_from_this();
  guarded([this] {
    if (!write()) return;
    if (used_ != input_.size() || !exchanges_.empty()) take_requests();
    if (!closed_ && !lingering_) watch();
  });
}

std::size_t HttpConnection::backlog() const noexcept {
  std::size_t out = output_.size() - sent_;
  for (const ExchangePtr& exchange : exchanges_) out += exchange->out.size();
  return out;
}

bool HttpConnection::write() {
  for (;;) {
    while (!exchanges_.empty() && output_.size() - sent_ < much_output) {
      Exchange& first = *exchanges_.front();
      if (!first.out.empty()) {
        if (sent_ == output_.size() && output_.capacity() < first.out.size()) {
          std::swap(output_, first.out);
          sent_ = 0;
        } else {
          output_.append(first.out.bytes());
        }
        first.out.clear();
      }
      if (!first.done) break;
      if (!first.keep_alive) last_ = true;
      exchanges_.pop_front();
      if (exchanges_.empty()) since_ = transport::Clock::now();
    }
    // Here, since it must not overtake the responses of the requests before.
    if (exchanges_.empty() && !last_ && parser_.wants_continue()) {
      output_.append("HTTP/1.1 100 Continue\r\n\r\n");
    }
    bool blocked = false;
    while (sent_ < output_.size()) {
      const IoResult result = socket_.write_some(output_.bytes().subspan(sent_));
      if (result.status == IoStatus::would_block) {
        blocked = true;
        break;
      }
      if (result.status != IoStatus::ok) return close(), false;
      sent_ += result.size;
      since_ = transport::Clock::now();
    }
    if (!exchanges_.empty() && exchanges_.front()->on_room) exchanges_.front()->on_room();
    if (blocked) return true;
    output_.clear();
    sent_ = 0;
    if (output_.capacity() > kept_output) output_ = Buffer();
    if (exchanges_.empty() || exchanges_.front()->out.empty()) break;
  }
  if (exchanges_.empty() && (last_ || ended_)) {
    if (!refused_ || ended_) return close(), false;
    // The client may still be sending: closed now, its system would throw our response away.
    refused_ = false;
    lingering_ = true;
    since_ = transport::Clock::now();
    ::shutdown(socket_.fd(), SHUT_WR);
    thread_.events().watch(*this, socket_.fd(), true, false);
    return false;
  }
  return true;
}

void HttpConnection::linger() {
  Buffer& into = thread_.input();
  into.clear();
  const IoResult result = socket_.read_some({into.prepare(read_size), read_size});
  if (result.status == IoStatus::would_block) return;
  lingered_ += result.size;
  if (result.status != IoStatus::ok || lingered_ > most_lingering) close();
}

void HttpConnection::watch() {
  const bool unsent = sent_ < output_.size();
  const bool room = exchanges_.size() < thread_.core().options.max_pipelined &&
                    output_.size() - sent_ < much_output;
  const bool reading = !last_ && !ended_ && room;
  if (!reading && !unsent) {
    // Waits for its calls only; epoll would tell of the peer's end again and again.
    thread_.events().forget(*this);
    return;
  }
  thread_.events().watch(*this, socket_.fd(), reading, unsent);
}

void HttpConnection::drain() {
  const auto self = shared_from_this();
  guarded([this] {
    for (const ExchangePtr& exchange : exchanges_) {
      if (exchange->out.empty() && !exchange->streaming) exchange->keep_alive = false;
    }
    if (exchanges_.empty() && !parser_.in_message()) {
      // What has arrived is still answered.
      if (!last_ && !ended_) read();
      if (closed_) return;
      if (exchanges_.empty() && !parser_.in_message()) last_ = true;
      if (!write()) return;
    }
    if (!lingering_) watch();
  });
}

void HttpConnection::cut() {
  const auto self = shared_from_this();
  close();
}

bool HttpConnection::is_late(transport::Clock::time_point now) const noexcept {
  const GatewayOptions& options = thread_.core().options;
  std::chrono::milliseconds limit{0};
  if (lingering_) {
    limit = longest_lingering;
  } else if (sent_ < output_.size()) {
    limit = options.body_timeout;
  } else if (!exchanges_.empty()) {
    return false;  // the upstream's time-out is what counts
  } else if (parser_.in_message() || socket_.in_handshake() || used_ != input_.size()) {
    const bool header = !parser_.in_message() || parser_.in_header();
    limit = header ? options.header_timeout : options.body_timeout;
  } else {
    limit = options.idle_timeout;
  }
  return limit.count() > 0 && now - since_ >= limit;
}

void HttpConnection::time_out() {
  const auto self = shared_from_this();
  guarded([this] {
    // A client that has begun a request is told; one that does not take its response is not.
    if (lingering_ || sent_ < output_.size() || !parser_.in_message()) return close();
    refuse(408, "the request did not come whole in time");
    if (write()) watch();
  });
}

void HttpConnection::close() {
  if (closed_) return;
  closed_ = true;
  for (const ExchangePtr& exchange : exchanges_) {
    if (exchange->on_room) exchange->on_room();
  }
  thread_.events().forget(*this);
  socket_ = transport::Socket();
  thread_.core().metrics.connections.fetch_sub(1, std::memory_order_relaxed);
  thread_.remove(shared_from_this());
}

}  // namespace thrift::gateway
