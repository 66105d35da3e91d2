#pragma once

// A call's arguments: from C++ to a struct of the function's arguments type, checked.

#include <span>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/schema/service.hpp>
#include <thriftpp/value/literal.hpp>

namespace thrift::rpc {

// The struct lives in `arena`. Throw TypeError, which names the function and the argument.
[[nodiscard]] ValueView build_arguments(const Function& function,
                                        std::span<const Literal> by_position, Arena& arena);
[[nodiscard]] ValueView build_arguments(const Function& function,
                                        std::span<const NamedLiteral> by_name, Arena& arena);
// Throws TypeError where `arguments` is no struct of the function's arguments.
void check_arguments(const Function& function, ValueView arguments);

// "`getUser`, argument `userId`: expected ..."
[[noreturn]] void rethrow_as_argument(const Function& function, const TypeError& error);

// Runs `step`; a TypeError from it is told as one of the function's arguments.
template <class Step>
auto as_argument_of(const Function& function, Step step) {
  try {
    return step();
  } catch (const TypeError& e) {
    rethrow_as_argument(function, e);
  }
}

}  // namespace thrift::rpc
