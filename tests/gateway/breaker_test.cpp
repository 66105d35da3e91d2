// The circuit of an endpoint that fails again and again.

#include <doctest/doctest.h>

#include <thread>

#include "rpc/endpoint_set.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

rpc::EndpointSet one_endpoint(std::chrono::milliseconds open_time) {
  std::vector<Endpoint> endpoints{Endpoint::parse("tcp://127.0.0.1:1")};
  return {std::move(endpoints), 0ms, {.failures = 2, .open_time = open_time}};
}

}  // namespace

TEST_CASE("a circuit opens after failures in a row") {
  rpc::EndpointSet set = one_endpoint(1h);
  set.call_failed(0);
  set.call_succeeded(0);
  set.call_failed(0);
  CHECK_FALSE(set.is_open(0));
  set.call_failed(0);
  CHECK(set.is_open(0));
  CHECK(set.all_open());
}

TEST_CASE("when a circuit's time is over one call is tried, which decides for all") {
  rpc::EndpointSet set = one_endpoint(300ms);
  set.call_failed(0);
  set.call_failed(0);
  std::this_thread::sleep_for(310ms);
  CHECK_FALSE(set.is_open(0));
  CHECK(set.pick() == 0);
  CHECK(set.is_open(0));  // for the others, until it is known how that call ends
  set.call_succeeded(0);
  CHECK_FALSE(set.is_open(0));
  set.call_failed(0);
  CHECK_FALSE(set.is_open(0));
  set.call_failed(0);
  std::this_thread::sleep_for(310ms);
  CHECK(set.pick() == 0);
  set.call_failed(0);
  CHECK(set.is_open(0));
  std::this_thread::sleep_for(310ms);
  CHECK_FALSE(set.is_open(0));
}
