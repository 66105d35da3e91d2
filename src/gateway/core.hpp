#pragma once

// What all threads of a running gateway share.

#include <atomic>
#include <thriftpp/gateway/gateway.hpp>

#include "gateway/metrics.hpp"
#include "gateway/rate_limit.hpp"
#include "gateway/snapshot.hpp"
#include "rpc/worker_pool.hpp"

namespace thrift::gateway {

struct CustomRoute {
  std::string method;  // "*": any
  std::string path;
  HttpHandler handler;
};

struct Core {
  Core(Catalogue its_catalogue, GatewayOptions its_options)
      : catalogue(std::move(its_catalogue)),
        options(std::move(its_options)),
        rate(options.rate, options.burst) {}

  // --- set up before it starts ---
  Catalogue catalogue;
  GatewayOptions options;
  std::vector<std::unique_ptr<Upstream>> upstreams;
  ExceptionStatuses statuses;
  std::vector<HttpMiddleware> middleware;
  std::vector<CustomRoute> custom;

  // --- while it runs; safe from several threads ---
  std::atomic<bool> ready = false;  // /readyz
  std::atomic<std::size_t> in_flight = 0;
  Metrics metrics;
  RateLimit rate;
  std::unique_ptr<rpc::WorkerPool> workers;
  std::atomic<unsigned> streams = 0;  // that workers write
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  void log(std::string_view message) const noexcept {
    try {
      if (options.log) options.log(message);
    } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
    }
  }
};

}  // namespace thrift::gateway
