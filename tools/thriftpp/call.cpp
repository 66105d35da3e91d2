// thriftpp call FILE Service.method [DATA] --to URL: one call, its result as JSON.

#include <algorithm>
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
  std::vector<std::string> headers;
  std::string lines;
  bool verbose = false;
  JsonArguments json;
  LoadArguments load;
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

/// What --verbose shows of a call, on standard error.
class Verbose {
 public:
  explicit Verbose(const Endpoint& endpoint) : url_(endpoint.to_string()) {}
  void print(std::string_view method, const CallReport& report) const {
    const std::chrono::duration<double, std::milli> took =
        std::chrono::steady_clock::now() - start_;
    std::fprintf(stderr, "%.*s to %s: %.3f ms, %zu bytes sent, %zu received in %s\n",
                 static_cast<int>(method.size()), method.data(), url_.c_str(), took.count(),
                 report.request_size, report.reply_size,
                 std::string(thrift::to_string(report.protocol)).c_str());
    for (const auto& [name, value] : report.headers) {
      std::fprintf(stderr, "< %s: %s\n", name.c_str(), value.c_str());
    }
  }

 private:
  std::string url_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

struct Outcome {
  std::string json;  // the result alone, or an object with an exception or error
  bool is_void = false;
  int exit_code = success;
};

Outcome call_once(const Client& client, const Function& function, const Value& data,
                  const CallArguments& arguments) {
  CallReport report;
  const Verbose verbose(client.endpoint());
  Outcome out;
  try {
    const Value result = client.with({.report = &report}).call_with(function.name(), data);
    out.is_void = result.is_void();
    if (!out.is_void) out.json = to_json(result, arguments.json.write);
  } catch (const ServiceException& error) {
    Value result(function.result());
    result[name_of(function, error.type())] = error.value();
    out = {reply_to_json(result, arguments.json.write), false, declared_exception};
  } catch (const ApplicationError& error) {
    out = {reply_to_json(error, arguments.json.write), false, application_error};
  }
  if (arguments.verbose) verbose.print(function.name(), report);
  return out;
}

/// Arguments from lines, a JSON object each; a line of the outcome for each, at once.
int call_lines(const Client& client, const Function& function, const CallArguments& arguments) {
  int exit_code = success;
  std::size_t number = 0;
  const auto call_line = [&](std::string_view line) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    try {
      const Value data = read_arguments({std::string(line)}, function, arguments.json.read());
      const Outcome outcome = call_once(client, function, data, arguments);
      if (outcome.exit_code == success) {
        print(outcome.is_void ? "{}\n" : "{\"result\":" + outcome.json + "}\n");
      } else {
        print(outcome.json + '\n');
        if (exit_code == success) exit_code = outcome.exit_code;
      }
    } catch (const TypeError& error) {
      throw TypeError("line " + std::to_string(number) + ": " + error.message());
    }
  };
  if (arguments.lines != "@-") {
    std::string text = read_argument(arguments.lines);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      call_line(std::string_view(text).substr(at, end - at));
      at = end + 1;
    }
    return exit_code;
  }
  Buffer input;
  for (bool more = true; more;) {
    more = read_some_stdin(input);
    for (;;) {
      const std::string_view text = input.text();
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) break;
      call_line(text.substr(0, end));
      input.consume(end + 1);
    }
  }
  call_line(input.text());
  return exit_code;
}

int run(const CallArguments& arguments) {
  const Endpoint endpoint = endpoint_of(arguments);
  const Idl idl = load_for(arguments.load, arguments.file);
  const MethodName method(arguments.method);
  const Function& function = find_function(idl.service(method.service), method.function);
  ClientOptions options;
  options.encode.write_unset_defaults = true;  // as generated code sends them
  const Client client = Client(idl, method.service, endpoint.to_string(), options)
                            .with({.headers = read_headers(arguments.headers)});
  if (!arguments.lines.empty()) {
    if (!arguments.data.empty()) throw UsageError("`--lines` takes the place of DATA");
    return call_lines(client, function, arguments);
  }
  const Value data = read_arguments(arguments.data, function, arguments.json.read());
  const Outcome outcome = call_once(client, function, data, arguments);
  if (!outcome.is_void) print(outcome.json + '\n');
  return outcome.exit_code;
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
  verb->add_option("-H,--header,--headers", arguments->headers,
                   "A header to send along, where the transport has room for it; may repeat")
      ->type_name("NAME:VALUE")
      ->allow_extra_args(false);
  verb->add_option("--lines", arguments->lines,
                   "Many calls on one connection: @FILE or @- (standard input) has a JSON object\n"
                   "of arguments on each line; a line of JSON comes out for each")
      ->type_name("@FILE");
  verb->add_flag("-v,--verbose", arguments->verbose,
                 "Show time, bytes, protocol and headers of each call on standard error");
  arguments->json.add_to(*verb);
  arguments->json.add_indent_to(*verb);
  arguments->load.add_to(*verb);
  verb->footer(
      "Words: name=text for strings, enums and uuids, name=JSON for any other type, name:=JSON\n"
      "always, name=@file for what a file holds; user.address.city=Ulm sets a field inside.\n"
      "URLs: tcp://host:port, tls://, http://host:port/path, https://, unix:///path, unix:@name,\n"
      "http+unix://%2Frun%2Fu.sock/path; with ?transport=framed|zlib|header,\n"
      "?protocol=compact|json, ?service=Name and the like. `thriftpp probe` finds out which.\n"
      "--lines prints {\"result\": ...}, {\"exception\": ...} or {\"error\": ...} for each line, "
      "and\n"
      "the exit code is that of the first that failed.\n"
      "Exit codes: 3 cannot connect, 4 timed out, 5 protocol or transport broke, 6 the service\n"
      "raised an exception that it declares, 7 TApplicationException.\n"
      "Examples:\n"
      "  thriftpp call user.thrift UserService.getUser userId=1 --to tcp://127.0.0.1:9090\n"
      "  thriftpp call user.thrift UserService.getUser '{\"userId\": \"1\"}' --to "
      "unix:///run/u.sock");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
