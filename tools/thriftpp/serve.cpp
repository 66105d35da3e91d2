// thriftpp serve FILE Service --listen URL: a server that answers as it is told, or plausibly.

#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <thriftpp/json/message.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/value/service_exception.hpp>

#include "command.hpp"
#include "data.hpp"
#include "plausible.hpp"
#include "secrets.hpp"

namespace thrift::command {
namespace {

struct ServeArguments {
  std::string file;
  std::string service;
  std::string listen;
  std::string replies;
  std::string users_file;
  bool verbose = false;
  JsonArguments json;
  LoadArguments load;
};

/// What a method answers: a value of its result struct, or an error.
using Replies = std::map<std::string_view, Result<Value>>;  // by the IDL's names

/// A struct of the function's results that is plausible.
Value plausible_result(const Function& function) {
  Value result(function.result());
  if (const Field* const success = function.success()) {
    result[*success] = plausible_value(success->type(), function.name());
  }
  return result;
}

/// As the file says it; a result where the function has one to give.
Result<Value> read_reply(JsonNode body, const Function& function, const FromJsonOptions& options) {
  Result<Value> reply = reply_from_json(body, function, options);
  if (function.success() == nullptr || !reply) return reply;
  const FieldRange given = reply.value().fields();
  if (given.begin() == given.end()) {
    throw TypeError("expected `result`, `exception` or `error`: the method returns " +
                    std::string(function.return_type().name()));
  }
  return reply;
}

/// The file's replies, all checked now, and plausible ones for methods that it does not name.
Replies read_replies(const ServeArguments& arguments, const Service& service) {
  Replies replies;
  if (!arguments.replies.empty()) {
    try {
      const JsonDocument document(read_file(arguments.replies));
      if (!document.root().is_object()) {
        throw TypeError("expected an object of replies by method, got " +
                        document.root().describe());
      }
      for (auto i = document.root().begin(); i != document.root().end(); ++i) {
        const Function& function = find_function(service, i.name());
        try {
          replies.insert_or_assign(function.name(),
                                   read_reply(*i, function, arguments.json.read()));
        } catch (const TypeError& error) {
          throw std::runtime_error(std::string(i.name()) + ": " + error.message());
        }
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(arguments.replies + ": " + error.what());
    }
  }
  for (const Function* const function : service.all_functions()) {
    if (!replies.contains(function->name())) {
      replies.insert_or_assign(function->name(), plausible_result(*function));
    }
  }
  return replies;
}

void answer(Call& call, const Result<Value>& reply) {
  const ValueView result = reply.value().view();  // throws where an error is the reply
  for (const auto [field, value] : result.fields()) {
    if (field.id() != 0) throw ServiceException(Value(value));
    call.reply(value);
    return;
  }
}

/// Waits for one of `signals`, which are blocked.
void wait_for(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
}

int run(const ServeArguments& arguments) {
  const Idl idl = load_for(arguments.load, arguments.file);
  const Service& service = idl.service(arguments.service);
  const Replies replies = read_replies(arguments, service);

  // Before there are threads, so that none of them takes the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ServerOptions options;
  options.expose_errors = true;  // who runs a server of made-up replies wants to know
  options.encode.write_unset_defaults = true;
  options.on_error = [](std::string_view where, std::string_view error) {
    std::fprintf(stderr, "thriftpp: %.*s: %.*s\n", static_cast<int>(where.size()), where.data(),
                 static_cast<int>(error.size()), error.data());
  };
  if (!arguments.users_file.empty()) {
    options.authenticate = [users = read_secrets(arguments.users_file, "users")](
                               std::string_view user, std::string_view password) {
      return user.find(':') == user.npos &&
             is_among(users, std::string(user) + ":" + std::string(password));
    };
  }
  Server server(idl, arguments.service, options);
  server.on_any([&](Call& call) {
    if (arguments.verbose) {
      std::fprintf(stderr, "%.*s %s\n", static_cast<int>(call.function().name().size()),
                   call.function().name().data(),
                   to_json(call.arguments(), arguments.json.write).c_str());
    }
    answer(call, replies.at(call.function().name()));
  });
  server.start(arguments.listen);
  std::fprintf(stderr, "listening on %s\n", server.endpoint().to_string().c_str());
  wait_for(signals);
  server.stop();
  return success;
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App* const verb =
      app.add_subcommand("serve", "Answer calls with prepared or plausible replies");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("SERVICE", arguments->service, "The service")->required();
  verb->add_option("--listen", arguments->listen, "Where to listen; port 0 takes a free one")
      ->required()
      ->type_name("URL");
  verb->add_option("--replies", arguments->replies, "JSON: an object of replies by method")
      ->type_name("FILE.json");
  verb->add_option("--users", arguments->users_file,
                   "Whom `?sasl=plain` lets in: a NAME:PASSWORD on each line")
      ->type_name("FILE");
  verb->add_flag("-v,--verbose", arguments->verbose, "Show each call on standard error");
  arguments->json.add_to(*verb);
  arguments->load.add_to(*verb);
  verb->footer(
      "The endpoint, with the port that was taken, is told on standard error. SIGINT and SIGTERM\n"
      "end the server. A reply is one of\n"
      "  {\"result\": ...}   {\"exception\": {\"name in throws\": {...}}}\n"
      "  {\"error\": {\"message\": ..., \"type\": 6}}\n"
      "Methods without one answer with a value of their type, always the same: IDL defaults, "
      "true,\n"
      "1, 1.5, a string's own name, an enum's first value, one element in each container.\n"
      "Example:\n"
      "  thriftpp serve user.thrift UserService --listen tcp://127.0.0.1:9090 --replies r.json");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
