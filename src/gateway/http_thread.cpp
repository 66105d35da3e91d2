#include "gateway/http_thread.hpp"

#include <algorithm>
#include <random>

#include "gateway/http_connection.hpp"

namespace thrift::gateway {

using std::chrono::milliseconds;

HttpThread::HttpThread(Core& core)
    : core_(core),
      loop_([&core](std::string_view error) { core.log(error); }, core.options.busy_poll),
      id_prefix_(std::uint64_t{std::random_device()()} << 32 | std::random_device()()) {
  for (const auto& upstream : core_.upstreams)
    clients_.push_back(upstream->make_client(loop_.events()));
}

HttpThread::~HttpThread() {
  loop_.end();
}

void HttpThread::start() {
  schedule_sweep();
  loop_.start();
}

void HttpThread::post_add(transport::Socket socket) {
  auto shared = std::make_shared<transport::Socket>(std::move(socket));
  events().post([this, shared] { add(std::move(*shared)); });
}

void HttpThread::post_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  events().post([this, snapshot = std::move(snapshot)] { snapshot_ = snapshot; });
}

void HttpThread::post_drain() {
  events().post([this] { drain(); });
}

void HttpThread::add(transport::Socket socket) {
  if (draining_) {
    core_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  auto connection = std::make_shared<HttpConnection>(*this, std::move(socket));
  connections_.insert(connection);
  connection->start();
}

void HttpThread::remove(const std::shared_ptr<HttpConnection>& connection) {
  connections_.erase(connection);
  stop_if_done();
}

void HttpThread::drain() {
  if (draining_) return;
  draining_ = true;
  const milliseconds limit = core_.options.drain_timeout;
  if (limit.count() > 0) events().set(cut_alarm_, rpc::EventLoop::Clock::now() + limit);
  const auto all = connections_;  // a copy: they remove themselves
  for (const auto& connection : all) connection->drain();
  stop_if_done();
}

void HttpThread::cut_all() {
  const auto all = connections_;
  for (const auto& connection : all) connection->cut();
}

void HttpThread::stop_if_done() {
  if (!draining_ || !connections_.empty() || closing_clients_) return;
  closing_clients_ = true;
  events().cancel(sweep_alarm_);
  events().cancel(cut_alarm_);
  for (const auto& client : clients_) {
    client->close();
    client->retire();
  }
  stop_when_idle();
}

// Calls whose client is gone end, and workers and threads that connect for us come back, before the
// loop does.
void HttpThread::stop_when_idle() {
  const bool idle =
      std::ranges::all_of(clients_, [](const auto& client) { return client->is_idle(); });
  if (idle && jobs_ == 0) return events().stop();
  events().set(idle_alarm_, rpc::EventLoop::Clock::now() + milliseconds(5));
}

void HttpThread::schedule_sweep() {
  const GatewayOptions& options = core_.options;
  const auto pause =
      rpc::time_to_next_sweep({options.idle_timeout, options.header_timeout, options.body_timeout});
  if (pause) events().set(sweep_alarm_, rpc::EventLoop::Clock::now() + *pause);
}

void HttpThread::sweep() {
  const auto now = transport::Clock::now();
  std::vector<std::shared_ptr<HttpConnection>> late;
  for (const auto& connection : connections_) {
    if (connection->is_late(now)) late.push_back(connection);
  }
  for (const auto& connection : late) connection->time_out();
  schedule_sweep();
}

std::string HttpThread::make_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  // told apart by the thread's own random number; the count makes each one new
  const std::uint64_t high = id_prefix_;
  const std::uint64_t low = ++next_id_;
  std::string out(24, '0');
  for (std::size_t i = 0; i < 16; ++i) out[i] = digits[high >> (60 - 4 * i) & 15];
  for (std::size_t i = 0; i < 8; ++i) out[16 + i] = digits[low >> (28 - 4 * i) & 15];
  return out;
}

}  // namespace thrift::gateway
