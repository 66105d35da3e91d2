#include "gateway/status.hpp"

#include <thriftpp/base/json_writer.hpp>

namespace thrift::gateway {

namespace {

/// What others need to call the same endpoint: the formats, but no names of users or files.
std::string public_url(const Endpoint& endpoint) {
  Endpoint out = endpoint;
  out.sasl_plain = false;
  for (std::string* secret : {&out.user, &out.ca, &out.cert, &out.key}) secret->clear();
  out.connect_timeout.reset();
  out.timeout.reset();
  return out.to_string();
}

}  // namespace

std::string status_json(const Core& core, const Snapshot& snapshot) {
  std::string out;
  JsonWriter w(out, 2);
  const auto up = std::chrono::steady_clock::now() - core.started;
  w.begin_object();
  w.key("ready").boolean(core.ready.load());
  w.key("uptime_seconds").integer(std::chrono::duration_cast<std::chrono::seconds>(up).count());
  w.key("connections").unsigned_integer(core.metrics.connections.load());
  w.key("in_flight").unsigned_integer(core.in_flight.load());

  w.key("idl").begin_object();
  w.key("generation").unsigned_integer(snapshot.generation);
  w.key("files").begin_array();
  for (const Idl& idl : snapshot.idls) w.string(idl.program().path());
  w.end_array();
  const std::string problems = core.catalogue.problems();
  w.key("current").boolean(problems.empty());
  if (!problems.empty()) w.key("problems").string(problems);
  w.key("breaking_changes").begin_array();
  for (const std::string& change : core.catalogue.breaking_changes()) w.string(change);
  w.end_array();
  w.key("warnings").begin_array();
  for (const RouteProblem& problem : snapshot.table.problems()) w.string(render_text(problem));
  w.end_array().end_object();

  w.key("services").begin_array();
  for (const Service* service : snapshot.table.services()) w.string(service->name());
  w.end_array();

  w.key("upstreams").begin_array();
  for (const auto& upstream : core.upstreams) {
    w.begin_object().key("service").string(upstream->service());
    w.key("endpoints").begin_array();
    const rpc::EndpointSet& endpoints = upstream->endpoints();
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
      w.begin_object();
      w.key("url").string(public_url(endpoints.endpoint(i)));
      w.key("circuit").string(endpoints.is_open(i) ? "open" : "closed");
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_array().end_object();
  out += '\n';
  return out;
}

}  // namespace thrift::gateway
