// thriftpp VERB: the command. Each verb is a file of its own.

#include <cstdio>
#include <exception>
#include <thriftpp/base/error.hpp>
#include <thriftpp/base/near_name.hpp>

#include "command.hpp"

namespace {

using namespace thrift::command;

constexpr void (*verbs[])(CLI::App&, int&) = {add_check, add_describe, add_call,
                                              add_bench, add_serve,    add_gateway,
                                              add_probe, add_decode,   add_encode};

std::string version() {
  return "thriftpp " + std::to_string(THRIFTPP_VERSION_MAJOR) + '.' +
         std::to_string(THRIFTPP_VERSION_MINOR) + '.' + std::to_string(THRIFTPP_VERSION_PATCH);
}

int fail(const std::string& who, const std::string& what, int exit_code) {
  std::fprintf(stderr, "%s: %s\n", who.c_str(), what.c_str());
  return exit_code;
}

/// What the process returns for an error that no verb has handled.
int exit_code_of(const thrift::Error& error) {
  if (const auto* const detail = error.failure().as<thrift::TransportErrorDetail>()) {
    switch (detail->kind) {
      case thrift::TransportErrorKind::bad_args: return usage;
      case thrift::TransportErrorKind::not_open: return cannot_connect;
      case thrift::TransportErrorKind::timed_out: return timed_out;
      default: return broken;
    }
  }
  return error.failure().as<thrift::ProtocolErrorDetail>() != nullptr ? broken : wrong_input;
}

/// What CLI11 found wrong: one line that says where help is.
int fail_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  std::string who = app.get_name();
  std::vector<std::string_view> names;
  for (const CLI::App* const verb : app.get_subcommands({})) {
    if (verb->parsed()) who += ' ' + verb->get_name();
    names.push_back(verb->get_name());
  }
  std::string what = error.what();
  if (who == app.get_name() && argc > 1 && argv[1][0] != '-') {
    what = "no verb `" + std::string(argv[1]) + "`" + thrift::did_you_mean(argv[1], names);
  }
  return fail(who, what + " (see `" + who + " --help`)", usage);
}

int run(int argc, char** argv) {
  int exit_code = success;
  CLI::App app("Thrift without code generation: .thrift files are loaded at run time.", "thriftpp");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer(
      "`thriftpp VERB --help` shows a verb's options and examples.\n"
      "Exit codes: 0; 1 the input is wrong; 2 usage; 3 cannot connect; 4 timed out; 5 protocol or\n"
      "transport broke; 6 the service raised a declared exception; 7 TApplicationException.");
  for (const auto add : verbs) add(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // prints help or the version
    return fail_usage(app, error, argc, argv);
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const thrift::IdlError& error) {
    std::fputs(render_text(error.diagnostics(), terminal_style()).c_str(), stderr);
    return wrong_input;
  } catch (const thrift::Error& error) {
    return fail("thriftpp", error.what(), exit_code_of(error));
  } catch (const UsageError& error) {
    return fail("thriftpp", error.what(), usage);
  } catch (const std::exception& error) {
    return fail("thriftpp", error.what(), wrong_input);
  }
}
