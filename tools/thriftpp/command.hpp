#pragma once

// What the verbs of the command share. A verb is one file: a function `add_VERB` that describes
// its arguments to CLI11 and says what runs, listed in main.cpp.
//
// Standard output carries the result only; everything else goes to standard error.

#include <CLI/CLI.hpp>
#include <string>
#include <thriftpp/load/load.hpp>
#include <vector>

namespace thrift::command {

/// What the process returns.
enum ExitCode : int {
  success = 0,
  wrong_input = 1,  ///< IDL or data.
  usage = 2,
  cannot_connect = 3,
  timed_out = 4,
  broken = 5,              ///< Protocol or transport.
  declared_exception = 6,  ///< The service raised one.
  application_error = 7,   ///< It answered with TApplicationException.
};

/// The arguments are wrong in a way that CLI11 does not see. main prints it and returns `usage`.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Options of every verb that loads `.thrift` files.
struct LoadArguments {
  std::vector<std::string> include_dirs;
  std::vector<std::string> roots;
  bool keep_negative_ids = false;
  bool no_warnings = false;
  bool warnings_as_errors = false;
  std::vector<std::string> ignored;
  std::vector<std::string> as_errors;
  std::size_t max_errors = 100;

  void add_to(CLI::App& app);
  [[nodiscard]] LoadOptions options() const;
};

/// How diagnostics are shown on standard error: in colour on a terminal, unless NO_COLOR is set.
[[nodiscard]] TextStyle terminal_style();

/// Loads a file for a verb that goes on with it; warnings go to standard error. Throws IdlError.
[[nodiscard]] Idl load_for(const LoadArguments& arguments, const std::string& file);

/// How the command line names a method: "shared.Operations.ping" is service "shared.Operations",
/// function "ping"; "ping" is of the file's only service.
struct MethodName {
  std::string service;
  std::string function;
  explicit MethodName(const std::string& name);
};

/// The function of that name; std::runtime_error with a near name where there is none. (What the
/// schema throws, ApplicationError, is for what a server answers.)
[[nodiscard]] const Function& find_function(const Service& service, std::string_view name);

/// Writes all of `text` to standard output; throws std::runtime_error where that fails.
void print(std::string_view text);

// The verbs. `exit_code` receives what the process returns; it must live until the app has run.
void add_bench(CLI::App& app, int& exit_code);
void add_call(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_decode(CLI::App& app, int& exit_code);
void add_describe(CLI::App& app, int& exit_code);
void add_encode(CLI::App& app, int& exit_code);
void add_gateway(CLI::App& app, int& exit_code);
void add_probe(CLI::App& app, int& exit_code);
void add_serve(CLI::App& app, int& exit_code);

}  // namespace thrift::command
