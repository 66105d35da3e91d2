#include "rpc/endpoint_set.hpp"

#include "transport/socket.hpp"

namespace thrift::rpc {

using transport::Clock;

namespace {

// What of an endpoint decides how messages look.
bool speak_alike(const Endpoint& a, const Endpoint& b) {
  const auto is_http = [](const Endpoint& e) {
    return e.scheme == Endpoint::Scheme::http || e.scheme == Endpoint::Scheme::https;
  };
  const auto is_datagram = [](const Endpoint& e) { return e.scheme == Endpoint::Scheme::udp; };
  return a.protocol == b.protocol && a.transport == b.transport && a.service == b.service &&
         a.header_protocol == b.header_protocol && a.compress_zlib == b.compress_zlib &&
         is_http(a) == is_http(b) && is_datagram(a) == is_datagram(b);
}

}  // namespace

EndpointSet::EndpointSet(std::vector<Endpoint> endpoints, transport::milliseconds down_time)
    : down_time_(down_time) {
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
  if (n == 1) return 0;
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  const Clock::rep now = Clock::now().time_since_epoch().count();
  std::size_t best = first % n;
  Clock::rep earliest = places_[best]->down_until.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t at = (first + i) % n;
    const Clock::rep until = places_[at]->down_until.load(std::memory_order_relaxed);
    if (until <= now) return at;
    if (until < earliest) {
      best = at;
      earliest = until;
    }
  }
  return best;
}

void EndpointSet::failed(std::size_t i) noexcept {
  const auto until = Clock::now() + down_time_;
  places_[i]->down_until.store(until.time_since_epoch().count(), std::memory_order_relaxed);
}

void EndpointSet::succeeded(std::size_t i) noexcept {
  places_[i]->down_until.store(0, std::memory_order_relaxed);
}

}  // namespace thrift::rpc
