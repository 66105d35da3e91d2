#pragma once

// The endpoints of a client, and which of them the next call goes to.

#include <atomic>
#include <memory>
#include <vector>

#include "transport/tls.hpp"

namespace thrift::rpc {

// Safe from several threads.
class EndpointSet {
 public:
  // What cannot be reached is not tried again for `down_time`, unless nothing else is left. Throws
  // TransportError (bad_args) for what is wrong with a URL or its files, and where the endpoints do
  // not agree in how they are spoken to.
  struct Breaker {
    unsigned failures = 0;                 // in a row, then the endpoint's circuit opens; 0: never
    transport::milliseconds open_time{0};  // before it is tried again
  };
  EndpointSet(std::vector<Endpoint> endpoints, transport::milliseconds down_time,
              const Breaker& breaker);
  EndpointSet(std::vector<Endpoint> endpoints, transport::milliseconds down_time)
      : EndpointSet(std::move(endpoints), down_time, Breaker{}) {}

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] const Endpoint& endpoint(std::size_t i) const noexcept {
    return places_[i]->endpoint;
  }
  // Where the scheme has TLS, else nullptr.
  [[nodiscard]] const transport::TlsContext* tls(std::size_t i) const noexcept {
    return places_[i]->tls.get();
  }
  // The next one in turn that is not down; where all are, the one that was so for the longest time.
  // Of one whose circuit's time is over, who comes first takes the only try.
  [[nodiscard]] std::size_t pick() noexcept;
  // It could not be reached.
  void failed(std::size_t i) noexcept;
  // It was; nothing is known about calls.
  void succeeded(std::size_t i) noexcept;
  // A call got no answer from it, or one that makes no sense; a call got one.
  void call_failed(std::size_t i) noexcept;
  void call_succeeded(std::size_t i) noexcept;
  // Its circuit is open: it failed too often in a row, and its time is not over.
  [[nodiscard]] bool is_open(std::size_t i) const noexcept;
  [[nodiscard]] bool all_open() const noexcept;

 private:
  struct Place {
    Endpoint endpoint;
    std::unique_ptr<const transport::TlsContext> tls;
    std::atomic<transport::Clock::rep> down_until = 0;  // 0: it is up
    std::atomic<unsigned> failures = 0;                 // in a row
    std::atomic<transport::Clock::rep> open_until = 0;
  };
  [[nodiscard]] bool may_try(Place& place, transport::Clock::time_point now) const noexcept;

  std::vector<std::unique_ptr<Place>> places_;
  transport::milliseconds down_time_;
  Breaker breaker_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace thrift::rpc
