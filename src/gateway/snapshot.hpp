#pragma once

// All that a request needs to know of the IDLs, made ready; one for each state of the catalogue.
// Requests that run keep theirs. Immutable.

#include <mutex>
#include <thriftpp/gateway/catalogue.hpp>

#include "gateway/metrics.hpp"
#include "gateway/reply.hpp"
#include "gateway/upstream.hpp"

namespace thrift::gateway {

struct RoutePlan {
  std::size_t upstream;  // its place
  ReplyPlan reply;
  MethodMetrics* metrics;
  SchemaPtr schema;
};

struct Snapshot {
  Snapshot(std::vector<Idl> its_idls, RouteTable its_table, unsigned its_generation)
      : idls(std::move(its_idls)), table(std::move(its_table)), generation(its_generation) {}

  std::vector<Idl> idls;  // keep all that follows alive
  RouteTable table;
  std::vector<RoutePlan> plans;  // by Route::index
  unsigned generation = 0;

  // The status that a declared exception is answered with.
  [[nodiscard]] int status_of(const Field& exception) const noexcept;
  // Made when they are asked for first. Safe from several threads. `json` is the form that replies
  // have unless their query says otherwise, and always the same.
  [[nodiscard]] const std::string& openapi_json(const JsonOptions& json) const;
  [[nodiscard]] const std::string& idl_json() const;  // describe_json of each, an array

 private:
  mutable std::once_flag openapi_once_;
  mutable std::string openapi_;
  mutable std::once_flag idl_once_;
  mutable std::string idl_;
};

using ExceptionStatuses = std::vector<std::pair<std::string, int>>;

// `built_in`: the gateway serves its own paths too. Throws TypeError where the upstreams name a
// service that is not there or is there twice, and where routes cannot be.
[[nodiscard]] std::shared_ptr<const Snapshot> make_snapshot(
    const CatalogueState& state, const std::vector<std::unique_ptr<Upstream>>& upstreams,
    const ExceptionStatuses& statuses, bool built_in, Metrics& metrics);

}  // namespace thrift::gateway
