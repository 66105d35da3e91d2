#include "rpc/client_pool.hpp"

#include <algorithm>

namespace thrift::rpc {

using transport::Deadline;

ClientPool::ClientPool(EndpointSet& endpoints, const CallCodec& codec, const ClientOptions& options)
    : endpoints_(endpoints),
      codec_(codec),
      connect_timeout_(options.connect_timeout),
      per_endpoint_(std::max<std::size_t>(1, options.connections)),
      password_(options.password),
      slots_(endpoints.size() * per_endpoint_) {}

ClientPool::ConnectionPtr ClientPool::connect(std::size_t place, const Deadline& deadline) const {
  const Endpoint& endpoint = endpoints_.endpoint(place);
  const Deadline connect_by =
      Deadline::after(endpoint.connect_timeout.value_or(connect_timeout_), "connect_timeout");
  try {
    transport::Socket socket = transport::connect(endpoint, endpoints_.tls(place), password_,
                                                  earlier(deadline, connect_by));
    endpoints_.succeeded(place);
    return std::make_shared<ClientConnection>(std::move(socket), endpoint, codec_.format(),
                                              codec_.limits());
  } catch (const TransportError& e) {
    if (e.retryable()) endpoints_.failed(place);
    throw;
  }
}

ClientPool::ConnectionPtr ClientPool::acquire(std::size_t place, const Deadline& deadline,
                                              bool& fresh) {
  const std::span<Slot> slots = std::span(slots_).subspan(place * per_endpoint_, per_endpoint_);
  std::unique_lock lock(mutex_);
  Slot* empty = nullptr;
  for (;;) {
    fresh = false;
    empty = nullptr;
    ConnectionPtr best;
    std::size_t least = 0;
    for (Slot& slot : slots) {
      const auto load = slot.connection ? slot.connection->load() : std::nullopt;
      if (load == 0) return slot.connection;
      if (load && (!best || *load < least)) {
        best = slot.connection;
        least = *load;
      } else if (!load) {
        slot.connection.reset();  // calls that run on it hold it
        if (!slot.connecting) empty = &slot;
      }
    }
    if (empty != nullptr) break;
    if (best) return best;
    const auto has_changed = [&] {
      return std::any_of(slots.begin(), slots.end(), [](const Slot& s) { return !s.connecting; });
    };
    if (deadline.is_never()) {
      connected_.wait(lock, has_changed);
    } else if (!connected_.wait_until(lock, deadline.at, has_changed)) {
      transport::fail(TransportErrorKind::timed_out, endpoints_.endpoint(place),
                      "could not connect within " + deadline.text(), true);
    }
  }
  empty->connecting = true;
  lock.unlock();
  ConnectionPtr connection;
  const auto done = [&] {
    lock.lock();
    empty->connecting = false;
    empty->connection = connection;
    connected_.notify_all();
  };
  try {
    connection = connect(place, deadline);
  } catch (...) {
    done();
    throw;
  }
  done();
  fresh = true;
  return connection;
}

void ClientPool::drop(const ConnectionPtr& connection) {
  if (connection->is_usable()) return;
  const std::lock_guard lock(mutex_);
  for (Slot& slot : slots_) {
    if (slot.connection == connection) slot.connection.reset();
  }
}

void ClientPool::close() {
  std::vector<ConnectionPtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (Slot& slot : slots_) {
      if (slot.connection) all.push_back(std::exchange(slot.connection, nullptr));
    }
  }
  for (const ConnectionPtr& connection : all) connection->close();
}

}  // namespace thrift::rpc
