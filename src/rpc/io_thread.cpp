#include "rpc/io_thread.hpp"

#include <asio/post.hpp>

#include "rpc/connection.hpp"

namespace thrift::rpc {

using std::chrono::milliseconds;

void ServerContext::report(std::string_view where, std::string_view error) const noexcept {
  try {
    if (options.on_error) options.on_error(where, error);
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
  }
}

IoThread::IoThread(ServerContext& context)
    : context_(context),
      work_(asio::make_work_guard(io_)),
      poller_(io_),
      sweep_timer_(io_),
      stop_timer_(io_),
      arena_(16 * 1024) {}

IoThread::~IoThread() {
  join();
}

void IoThread::start() {
  poller_.start();
  thread_ = std::thread([this] { run(); });
  id_ = thread_.get_id();
  schedule_sweep();
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

void IoThread::run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& e) {  // memory ran out where no connection is to blame
      context_.report("server", e.what());
    }
  }
}

void IoThread::post_add(transport::Socket socket, const SessionOptions& session,
                        std::shared_ptr<const std::string> name) {
  asio::post(io_, [this, socket = std::move(socket), session, name = std::move(name)]() mutable {
    add(std::move(socket), session, std::move(name));
  });
}

void IoThread::post_stop() {
  asio::post(io_, [this] { stop(); });
}

void IoThread::add(transport::Socket socket, const SessionOptions& session,
                   std::shared_ptr<const std::string> name) {
  if (stopping_) {
    context_.connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), session, std::move(name));
  connections_.insert(connection);
  connection->start();
}

void IoThread::remove(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  stop_if_done();
}

void IoThread::stop() {
  if (stopping_) return;
  stopping_ = true;
  sweep_timer_.cancel();
  if (context_.options.stop_timeout.count() > 0) {
    stop_timer_.expires_after(context_.options.stop_timeout);
    stop_timer_.async_wait([this](const asio::error_code& error) {
      if (error) return;
      const auto all = connections_;
      for (const auto& connection : all) connection->cut("the server stops");
    });
  }
  const auto all = connections_;  // a copy: they remove themselves
  for (const auto& connection : all) connection->stop();
  stop_if_done();
}

void IoThread::stop_if_done() {
  if (!stopping_ || !connections_.empty()) return;
  stop_timer_.cancel();
  poller_.stop();
  work_.reset();
}

void IoThread::schedule_sweep() {
  const ServerOptions& options = context_.options;
  milliseconds shortest = milliseconds::max();
  for (const milliseconds time : {options.idle_timeout, options.message_timeout}) {
    if (time.count() > 0) shortest = std::min(shortest, time);
  }
  if (shortest == milliseconds::max()) return;
  sweep_timer_.expires_after(std::clamp(shortest / 4, milliseconds(5), milliseconds(1000)));
  sweep_timer_.async_wait([this](const asio::error_code& error) {
    if (error || stopping_) return;
    sweep();
    schedule_sweep();
  });
}

// One look at all connections now and then is cheaper than a timer for each that is set anew with
// every call.
void IoThread::sweep() {
  const auto now = transport::Clock::now();
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& connection : connections_) {
    if (connection->is_late(now)) late.push_back(connection);
  }
  for (const auto& connection : late) connection->cut(connection->lateness());
}

}  // namespace thrift::rpc
