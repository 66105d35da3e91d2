// thriftpp call FILE Service.method [DATA] --to URL: one call, its result as JSON.

#include <cstdio>
#include <memory>
#include <thriftpp/json/message.hpp>
#include <thriftpp/rpc/client.hpp>

#include "argument_words.hpp"
#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct CallArguments {
  std::string file;
  std::string method;
  std::vector<std::string> data;
  std::string to;
  Milliseconds timeout;
  Milliseconds connect_timeout;
  JsonArguments json;
  LoadArguments load;
};

/// "shared.Operations.ping" is service "shared.Operations", function "ping"; "ping" is of the
/// file's only service.
struct Method {
  std::string service;
  std::string function;
  explicit Method(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    if (dot != std::string::npos) service = name.substr(0, dot);
    function = name.substr(dot + 1);  // npos + 1 is 0
  }
};

Endpoint endpoint_of(const CallArguments& arguments) {
  Endpoint endpoint = Endpoint::parse(arguments.to);
  if (arguments.timeout) endpoint.timeout = arguments.timeout;
  if (arguments.connect_timeout) endpoint.connect_timeout = arguments.connect_timeout;
  return endpoint;
}

/// The name under which `function` declares exceptions of that type.
std::string_view name_of(const Function& function, const Type& exception) {
  for (const Field& field : function.exceptions()) {
    if (&field.type() == &exception) return field.name();
  }
  return exception.name();
}

int run(const CallArguments& arguments) {
  const Endpoint endpoint = endpoint_of(arguments);
  const Idl idl = load_for(arguments.load, arguments.file);
  const Method method(arguments.method);
  const Function& function = find_function(idl.service(method.service), method.function);
  const Value data = read_arguments(arguments.data, function, arguments.json.read());
  ClientOptions options;
  options.encode.write_unset_defaults = true;  // as generated code sends them
  const Client client(idl, method.service, endpoint.to_string(), options);
  try {
    const Value result = client.call_with(function.name(), data);
    if (!result.is_void()) print(to_json(result, arguments.json.write) + '\n');
    return success;
  } catch (const ServiceException& error) {
    Value result(function.result());
    result[name_of(function, error.type())] = error.value();
    print(reply_to_json(result, arguments.json.write) + '\n');
    return declared_exception;
  } catch (const ApplicationError& error) {
    print(reply_to_json(error, arguments.json.write) + '\n');
    return application_error;
  }
}

}  // namespace

void add_call(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<CallArguments>();
  CLI::App* const verb = app.add_subcommand("call", "Call a method and show its result as JSON");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("METHOD", arguments->method, "Service.method")->required();
  verb->add_option("DATA", arguments->data,
                   "The arguments: a JSON object, @FILE or @- with one, or words name=value")
      ->type_name("");
  verb->add_option("--to", arguments->to, "Where the service is")->required()->type_name("URL");
  add_duration(*verb, "--timeout", arguments->timeout, "Of the whole call");
  add_duration(*verb, "--connect-timeout", arguments->connect_timeout, "Of connecting");
  arguments->json.add_to(*verb);
  arguments->json.add_indent_to(*verb);
  arguments->load.add_to(*verb);
  verb->footer(
      "Words: name=text for strings, enums and uuids, name=JSON for any other type, name:=JSON\n"
      "always, name=@file for what a file holds; user.address.city=Ulm sets a field inside.\n"
      "URLs: tcp://host:port, unix:///path, unix:@name; with ?transport=framed and the like.\n"
      "Exit codes: 3 cannot connect, 4 timed out, 5 protocol or transport broke, 6 the service\n"
      "raised an exception that it declares, 7 TApplicationException.\n"
      "Examples:\n"
      "  thriftpp call user.thrift UserService.getUser userId=1 --to tcp://127.0.0.1:9090\n"
      "  thriftpp call user.thrift UserService.getUser '{\"userId\": \"1\"}' --to "
      "unix:///run/u.sock");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
