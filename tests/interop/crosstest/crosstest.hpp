#pragma once

#include "options.hpp"

namespace crosstest {

/// Serves ThriftTest, and SecondService for multiplexed clients, until a signal ends the process.
/// Prints each URL that it listens on.
int serve(const Options& options);
/// Calls everything; the exit code is that of Apache's C++ client: the sum of 1 base types,
/// 2 structs, 4 containers, 8 exceptions, 64 where there is no connection.
int call(Options options);

}  // namespace crosstest
