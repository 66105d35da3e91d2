#pragma once

// All that a request needs to know of the IDLs, made ready; one for each state of the catalogue.
// Requests that run keep theirs. Immutable.

#include <mutex>
#include <thriftpp/gateway/catalogue.hpp>

#include "gateway/metrics.hpp"
#include "gateway/openapi.hpp"
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

  // Made when they are asked for first. Safe from several threads. `options` are the gateway's, and
  // always the same.
  [[nodiscard]] const std::string& openapi_json(const OpenApiOptions& options) const;
  [[nodiscard]] const std::string& idl_json() const;  // describe_json of each, an array

 private:
  mutable std::once_flag openapi_once_;
  mutable std::string openapi_;
  mutable std::once_flag idl_once_;
  mutable std::string idl_;
};

// `built_in`: the gateway serves its own paths too. Throws TypeError where the upstreams name a
// service that is not there or is there twice, and where routes cannot be.
[[nodiscard]] std::shared_ptr<const Snapshot> make_snapshot(
    const CatalogueState& state, const std::vector<std::unique_ptr<Upstream>>& upstreams,
    const ExceptionStatuses& statuses, bool built_in, Metrics& metrics);

// Throws TypeError where a name is no exception of the IDLs. At the start only: those that come
// later may drop one.
void check_statuses(const CatalogueState& state, const ExceptionStatuses& statuses);

}  // namespace thrift::gateway
