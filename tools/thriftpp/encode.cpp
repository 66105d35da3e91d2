// thriftpp encode FILE TYPE: JSON on standard input to bytes on standard output.

#include <memory>
#include <thriftpp/json/message.hpp>
#include <thriftpp/transport/framing.hpp>

#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct EncodeArguments {
  std::string file;
  std::string type;
  ProtocolArgument protocol;
  Format format = Format::raw;
  bool message = false;
  bool framed = false;
  JsonArguments json;
  LoadArguments load;
};

EncodeOptions options_of(const EncodeArguments& arguments) {
  EncodeOptions options;
  options.write_unset_defaults = arguments.json.write.defaults == JsonOptions::Defaults::write;
  return options;
}

void encode_messages(const EncodeArguments& arguments, ProtocolId protocol, const Service& service,
                     std::string_view lines, Buffer& out) {
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::size_t frame = arguments.framed ? begin_frame(out) : 0;
    try {
      message_from_json(line, service, protocol, out, arguments.json.read(), options_of(arguments));
    } catch (const Error& error) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + error.message());
    }
    if (arguments.framed) end_frame(out, frame);
  }
}

int run(const EncodeArguments& arguments) {
  if (arguments.framed && !arguments.message) throw UsageError("--framed goes with --message");
  const ProtocolId protocol = arguments.protocol.id();
  const Idl idl = load_for(arguments.load, arguments.file);
  const Buffer text = read_stdin();
  Buffer out;
  if (arguments.message) {
    encode_messages(arguments, protocol, idl.service(arguments.type), text.text(), out);
  } else {
    const Type& type = idl.type(arguments.type);
    const Value value = from_json(text.text(), type, arguments.json.read());
    encode(protocol, value, out, options_of(arguments));
  }
  print(to_format(out, arguments.format));
  return success;
}

}  // namespace

void add_encode(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<EncodeArguments>();
  CLI::App* const verb = app.add_subcommand("encode", "JSON on standard input to bytes");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("TYPE", arguments->type,
                   "Any type: `Batch`, `list<Span>`, `map<string, i64>`; with --message a service")
      ->required();
  arguments->protocol.add_to(*verb);
  add_format(*verb, arguments->format);
  verb->add_flag("--message", arguments->message,
                 "Each line is a message, as `decode --message` writes it");
  verb->add_flag("--framed", arguments->framed, "Write each message's length in front of it");
  arguments->json.add_to(*verb);
  arguments->load.add_to(*verb);
  verb->footer(
      "Every form that `decode` can write is read; only `--binary text` must be told.\n"
      "Examples:\n"
      "  thriftpp encode jaeger.thrift Batch < batch.json > batch.bin\n"
      "  echo '{\"id\": \"1\", \"name\": \"Ann\", \"age\": 30}' |\n"
      "      thriftpp encode user.thrift User --format hex");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
