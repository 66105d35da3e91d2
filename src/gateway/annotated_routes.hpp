#pragma once

// From the annotations of one function to its routes; what is wrong with them goes to `problems`.

#include "gateway/routes.hpp"

namespace thrift::gateway {

// The route POST /Service/method.
[[nodiscard]] std::unique_ptr<Route> direct_route(const Service& service, const Function& function);

// Those that the annotations declare; impossible ones are reported and left out.
[[nodiscard]] std::vector<std::unique_ptr<Route>> annotated_routes(
    const Service& service, const Function& function, std::vector<RouteProblem>& problems);

// At a function, with its name in front of the message.
[[nodiscard]] RouteProblem problem_at(const Function& function, std::string id,
                                      std::string message);

}  // namespace thrift::gateway
