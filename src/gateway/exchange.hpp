#pragma once

// A request and its response. It belongs to its connection's thread, and may outlive the
// connection: what comes then is only counted
// and logged.

#include <functional>
#include <memory>

#include "gateway/request.hpp"
#include "gateway/response.hpp"
#include "gateway/snapshot.hpp"
#include "transport/deadline.hpp"

namespace thrift::gateway {

class HttpConnection;

struct Exchange {
  using Clock = transport::Clock;

  Request request;
  std::weak_ptr<HttpConnection> connection;
  std::string client;  // its address
  std::string id;
  Clock::time_point begin = Clock::now();

  // --- of a call ---
  std::shared_ptr<const Snapshot> snapshot;
  RouteTable::Match match;  // its route is of the snapshot
  JsonOptions json;
  bool counted = false;  // among those in flight

  // --- the response ---
  bool head_only = false;
  bool keep_alive = true;
  std::string extra_headers;      // whole lines
  Buffer out;                     // as it is to be sent
  bool done = false;              // all of it is in `out`
  bool streaming = false;         // its head has been written
  std::function<void()> on_room;  // of who streams: some of `out` has been sent
  int status = 0;
  std::size_t body_size = 0;
  std::string_view exception;  // the declared one that was raised
  std::string problem;         // for the log
  // Where the response goes instead of to the client: middleware waits for it.
  std::function<void(HttpResponse)> capture;

  [[nodiscard]] const RoutePlan& plan() const noexcept {
    return snapshot->plans[match.route->index];
  }
  [[nodiscard]] ResponseContext context() const noexcept {
    return {keep_alive, request.is_http_1_1(), head_only, id, extra_headers};
  }
};
using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace thrift::gateway
