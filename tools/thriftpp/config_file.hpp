#pragma once

// A JSON file that holds what a verb's options say: `{"listen": "http://...", "max_body": 1000}` is
// `--listen http://... --max-body 1000`. Options on the command line win.
//
//     a member             the option
//     "text", 1, 1.5       --name text
//     true                 --name, of a flag
//     [1, 2]               --name 1 --name 2
//     {"a": "x", "b": 2}   --name a=x --name b=2; of an array as value, one each
//
// Threads: belongs to one.

#include <CLI/CLI.hpp>
#include <string>

namespace thrift::command {

/// Gives the options of `verb` that the command line has not set what the file says. `positional`
/// is the name that stands for the verb's arguments without a dash. Throws std::runtime_error that
/// names the file and the member.
void apply_config(CLI::App& verb, const std::string& file, const std::string& positional);

/// A JSON Schema of such a file, made from the verb's options.
[[nodiscard]] std::string config_schema(const CLI::App& verb, const std::string& positional,
                                        const std::string& title);

}  // namespace thrift::command
