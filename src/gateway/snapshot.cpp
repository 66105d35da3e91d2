#include "gateway/snapshot.hpp"

#include <algorithm>
#include <set>
#include <thriftpp/load/describe.hpp>

#include "base/backquoted.hpp"
#include "base/unknown_name.hpp"
#include "gateway/built_in.hpp"

namespace thrift::gateway {

namespace {

// Which upstream a service has, if any: its own, else the one for all.
std::optional<std::size_t> find_upstream(const std::vector<std::unique_ptr<Upstream>>& upstreams,
                                         std::string_view service) noexcept {
  std::optional<std::size_t> out;
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    if (upstreams[i]->service() == service) return i;
    if (upstreams[i]->service() == "*") out = i;
  }
  return out;
}

void check_names(const CatalogueState& state,
                 const std::vector<std::unique_ptr<Upstream>>& upstreams) {
  std::vector<std::string_view> names;
  names.reserve(state.services.size());
  for (const Service* service : state.services) names.push_back(service->name());
  for (const auto& upstream : upstreams) {
    if (upstream->service() == "*") continue;
    if (std::ranges::find(names, upstream->service()) == names.end()) {
      throw_unknown_name(
          {},
          "the IDL has no service " + backquoted(upstream->service()) + ", which has an upstream",
          upstream->service(), names);
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto again =
        std::find(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end(), names[i]);
    if (again == names.end() || !find_upstream(upstreams, names[i])) continue;
    const auto* const other = state.services[static_cast<std::size_t>(again - names.begin())];
    throw TypeError("there are two services " + backquoted(names[i]) + ", of " +
                    std::string(state.services[i]->program().path()) + " and of " +
                    std::string(other->program().path()));
  }
}

}  // namespace

const std::string& Snapshot::openapi_json(const OpenApiOptions& options) const {
  std::call_once(openapi_once_, [&] { openapi_ = openapi(table, options); });
  return openapi_;
}

const std::string& Snapshot::idl_json() const {
  std::call_once(idl_once_, [this] {
    std::string out = "[";
    for (const Idl& idl : idls) {
      if (out.size() > 1) out += ',';
      out += describe_json(idl, 0);
    }
    idl_ = out + "]";
  });
  return idl_;
}

void check_statuses(const CatalogueState& state, const ExceptionStatuses& statuses) {
  std::set<std::string, std::less<>> names;
  for (const Idl& idl : state.idls) {
    for (const Program* program : idl.schema().programs()) {
      for (const StructType* type : program->structs()) {
        if (!type->is_exception()) continue;
        names.emplace(type->name());
        names.insert(qualified_name(*type));
      }
    }
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  for (const auto& [name, status] : statuses) {
    if (names.contains(name)) continue;
    throw_unknown_name({},
                       "the IDL has no exception " + backquoted(name) + ", which has the status " +
                           std::to_string(status),
                       name, views);
  }
}

std::shared_ptr<const Snapshot> make_snapshot(
    const CatalogueState& state, const std::vector<std::unique_ptr<Upstream>>& upstreams,
    const ExceptionStatuses& statuses, bool built_in, Metrics& metrics) {
  check_names(state, upstreams);
  std::vector<const Service*> exposed;
  for (const Service* service : state.services) {
    if (find_upstream(upstreams, service->name())) exposed.push_back(service);
  }
  auto out = std::make_shared<Snapshot>(state.idls, RouteTable(exposed), state.generation);
  if (built_in) out->table.warn_of_hidden(is_built_in);
  if (out->table.has_errors()) {
    std::string text;
    for (const RouteProblem& problem : out->table.problems()) text += render_text(problem);
    while (text.ends_with('\n')) text.pop_back();
    throw TypeError(text);
  }
  for (const auto& route : out->table.routes()) {
    const auto upstream = find_upstream(upstreams, route->service->name());
    out->plans.push_back({*upstream, make_reply_plan(*route, statuses),
                          &metrics.of(route->service->name(), route->function->name()),
                          route->service->schema().shared_from_this()});
  }
  return out;
}

}  // namespace thrift::gateway
