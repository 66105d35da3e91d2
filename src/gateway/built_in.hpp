#pragma once

// What the gateway serves of its own, beside the routes of the IDL.

#include "gateway/http_thread.hpp"

namespace thrift::gateway {

// Whether the gateway has something of its own at the path, so that no route is looked for.
[[nodiscard]] bool is_built_in(std::string_view path) noexcept;

// Answers, where the path is one of those.
bool serve_built_in(HttpThread& thread, Exchange& exchange);

}  // namespace thrift::gateway
