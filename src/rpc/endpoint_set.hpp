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
  EndpointSet(std::vector<Endpoint> endpoints, transport::milliseconds down_time);

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] const Endpoint& endpoint(std::size_t i) const noexcept {
    return places_[i]->endpoint;
  }
  // Where the scheme has TLS, else nullptr.
  [[nodiscard]] const transport::TlsContext* tls(std::size_t i) const noexcept {
    return places_[i]->tls.get();
  }
  // The next one in turn that is not down; where all are, the one that was so for the longest time.
  [[nodiscard]] std::size_t pick() noexcept;
  void failed(std::size_t i) noexcept;
  void succeeded(std::size_t i) noexcept;

 private:
  struct Place {
    Endpoint endpoint;
    std::unique_ptr<const transport::TlsContext> tls;
    std::atomic<transport::Clock::rep> down_until = 0;  // 0: it is up
  };
  std::vector<std::unique_ptr<Place>> places_;
  transport::milliseconds down_time_;
  std::atomic<std::size_t> turn_ = 0;
};

}  // namespace thrift::rpc
