// thriftpp VERB: the command. Each verb is a file of its own.

#include <cstdio>
#include <exception>
#include <thriftpp/base/error.hpp>

#include "command.hpp"

namespace {

using namespace thrift::command;

constexpr void (*verbs[])(CLI::App&, int&) = {add_check, add_describe};

std::string version() {
  return "thriftpp " + std::to_string(THRIFTPP_VERSION_MAJOR) + '.' +
         std::to_string(THRIFTPP_VERSION_MINOR) + '.' + std::to_string(THRIFTPP_VERSION_PATCH);
}

int run(int argc, char** argv) {
  int exit_code = success;
  CLI::App app("Thrift without code generation: .thrift files are loaded at run time.", "thriftpp");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  for (const auto add : verbs) add(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int result = app.exit(e);  // prints help, or what is wrong
    return result == 0 ? success : usage;
  }
  return exit_code;
}

int fail(const char* what, int exit_code) {
  std::fprintf(stderr, "thriftpp: %s\n", what);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const thrift::IdlError& e) {
    std::fputs(render_text(e.diagnostics(), terminal_style()).c_str(), stderr);
    return wrong_input;
  } catch (const UsageError& e) {
    return fail(e.what(), usage);
  } catch (const std::exception& e) {
    return fail(e.what(), wrong_input);
  }
}
