#pragma once

// Secrets that a verb is told by a file: never by the command line, which everyone can read.

#include <string>
#include <string_view>
#include <vector>

namespace thrift::command {

/// One secret a line; empty lines and those that begin with # are none. Throws where there is none,
/// naming them `what`.
std::vector<std::string> read_secrets(const std::string& path, std::string_view what);

/// Whether `given` is one of them, in a time that tells nothing of how near it was.
bool is_among(const std::vector<std::string>& secrets, std::string_view given);

}  // namespace thrift::command
