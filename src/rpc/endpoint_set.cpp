#include "rpc/endpoint_set.hpp"

#include "transport/socket.hpp"

namespace thrift::rpc {

using transport::Clock;

namespace {

// What of an endpoint decides how messages look.
bool speak_alike(const Endpoint& a, const Endpoint& b) {
  const auto is_datagram = [](const Endpoint& e) { return e.scheme == Endpoint::Scheme::udp; };
  return a.protocol == b.protocol && a.transport == b.transport && a.service == b.service &&
         a.header_protocol == b.header_protocol && a.compress_zlib == b.compress_zlib &&
         a.is_http() == b.is_http() && is_datagram(a) == is_datagram(b);
}

}  // namespace

EndpointSet::EndpointSet(std::vector<Endpoint> endpoints, transport::milliseconds down_time,
                         const Breaker& breaker)
    : down_time_(down_time), breaker_(breaker) {
  if (endpoints.empty()) {
    throw TransportError(TransportErrorKind::bad_args, "client", "no endpoint is given");
  }
  for (Endpoint& endpoint : endpoints) {
    auto place = std::make_unique<Place>();
    if (transport::has_tls(endpoint)) {
      place->tls =
          std::make_unique<transport::TlsContext>(endpoint, transport::TlsContext::Side::client);
    }
    place->endpoint = std::move(endpoint);
    if (!places_.empty() && !speak_alike(places_.front()->endpoint, place->endpoint)) {
      transport::fail(TransportErrorKind::bad_args, place->endpoint,
                      "the endpoints of one client must agree in transport, protocol and service; "
                      "this one differs from " +
                          places_.front()->endpoint.to_string());
    }
    places_.push_back(std::move(place));
  }
}

std::size_t EndpointSet::pick() noexcept {
  const std::size_t n = places_.size();
  if (n == 1 && breaker_.failures == 0) return 0;
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  const Clock::time_point time = Clock::now();
  const Clock::rep now = time.time_since_epoch().count();
  std::size_t best = first % n;
  Clock::rep earliest = places_[best]->down_until.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = (first + i) % n;
    const Clock::rep until = places_[at]->down_until.load(std::memory_order_relaxed);
    if (until <= now && may_try(*places_[at], time)) return at;
    if (until < earliest) {
      best = at;
      earliest = until;
    }
  }
  return best;
}

bool EndpointSet::may_try(Place& place, Clock::time_point now) const noexcept {
  Clock::rep open_until = place.open_until.load(std::memory_order_relaxed);
  if (open_until == 0) return true;
  if (open_until > now.time_since_epoch().count()) return false;
  const Clock::rep next = (now + breaker_.open_time).time_since_epoch().count();
  return place.open_until.compare_exchange_strong(open_until, next, std::memory_order_relaxed);
}

void EndpointSet::failed(std::size_t i) noexcept {
  const auto until = Clock::now() + down_time_;
  places_[i]->down_until.store(until.time_since_epoch().count(), std::memory_order_relaxed);
  call_failed(i);
}

void EndpointSet::succeeded(std::size_t i) noexcept {
  places_[i]->down_until.store(0, std::memory_order_relaxed);
}

// The count stays when the circuit's time is over: the next failure opens it again at once.
void EndpointSet::call_failed(std::size_t i) noexcept {
  if (breaker_.failures == 0) return;
  Place& place = *places_[i];
  if (place.failures.fetch_add(1, std::memory_order_relaxed) + 1 < breaker_.failures) return;
  const auto until = (Clock::now() + breaker_.open_time).time_since_epoch().count();
  place.open_until.store(until, std::memory_order_relaxed);
  place.down_until.store(until, std::memory_order_relaxed);
}

void EndpointSet::call_succeeded(std::size_t i) noexcept {
  Place& place = *places_[i];
  if (place.failures.load(std::memory_order_relaxed) == 0) return;
  place.failures.store(0, std::memory_order_relaxed);
  place.open_until.store(0, std::memory_order_relaxed);
}

bool EndpointSet::is_open(std::size_t i) const noexcept {
  const Clock::rep until = places_[i]->open_until.load(std::memory_order_relaxed);
  return until != 0 && Clock::now().time_since_epoch().count() < until;
}

bool EndpointSet::all_open() const noexcept {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (!is_open(i)) return false;
  }
  return true;
}

}  // namespace thrift::rpc
