#pragma once

// What /status shows: the state of the catalogue, what is wrong with its newest files, the
// upstreams and their endpoints.

#include "gateway/core.hpp"

namespace thrift::gateway {

[[nodiscard]] std::string status_json(const Core& core, const Snapshot& snapshot);

}  // namespace thrift::gateway
