// thriftpp decode FILE TYPE: bytes on standard input to JSON on standard output.

#include <memory>
#include <optional>
#include <thriftpp/json/message.hpp>
#include <thriftpp/value/validate.hpp>

#include "command.hpp"
#include "data.hpp"
#include "message_stream.hpp"

namespace thrift::command {
namespace {

enum class Preset : std::uint8_t { strict, default_, like_apache };
enum class Trailing : std::uint8_t { error, skip };

struct DecodeArguments {
  std::string file;
  std::string type;
  ProtocolArgument protocol;
  Format format = Format::raw;
  Preset strictness = Preset::default_;
  std::optional<Trailing> trailing;
  bool message = false;
  bool framed = false;
  JsonArguments json;
  LoadArguments load;
};

DecodeOptions options_of(const DecodeArguments& arguments) {
  DecodeOptions options;
  options.alias_input = true;
  switch (arguments.strictness) {
    case Preset::strict: options.strictness = Strictness::strict(); break;
    case Preset::default_: break;
    case Preset::like_apache: options.strictness = Strictness::like_apache(); break;
  }
  if (arguments.trailing) {
    options.strictness.trailing_bytes =
        *arguments.trailing == Trailing::skip ? Reaction::skip : Reaction::error;
  }
  return options;
}

void decode_value(const DecodeArguments& arguments, ProtocolId protocol, const Type& type) {
  const Buffer bytes = from_format(read_stdin(), arguments.format);
  const Value value = decode(protocol, bytes, type, options_of(arguments));
  print(to_json(value, arguments.json.write) + '\n');
}

/// Each message is printed as soon as it is there.
void decode_messages(const DecodeArguments& arguments, ProtocolId protocol,
                     const Service& service) {
  MessageStream stream(protocol, arguments.framed);
  const DecodeOptions options = options_of(arguments);
  const auto print_whole_ones = [&] {
    while (const auto message = stream.next()) {
      try {
        print(message_to_json(protocol, message->bytes, service, arguments.json.write, options) +
              '\n');
      } catch (const Error& error) {
        throw std::runtime_error("message at offset " + std::to_string(message->offset) + ": " +
                                 error.message());
      }
    }
  };
  if (arguments.format == Format::raw) {
    while (read_some_stdin(stream.buffer())) print_whole_ones();
  } else {
    stream.buffer() = from_format(read_stdin(), arguments.format);
    print_whole_ones();
  }
  if (stream.left() != 0 && options.strictness.trailing_bytes == Reaction::error) {
    throw std::runtime_error("the input ends inside of the message at offset " +
                             std::to_string(stream.offset()) + ", of which " +
                             std::to_string(stream.left()) + " bytes are there");
  }
}

int run(const DecodeArguments& arguments) {
  if (arguments.framed && !arguments.message) throw UsageError("--framed goes with --message");
  const ProtocolId protocol = arguments.protocol.id();
  const Idl idl = load_for(arguments.load, arguments.file);
  try {
    if (arguments.message) {
      decode_messages(arguments, protocol, idl.service(arguments.type));
    } else {
      decode_value(arguments, protocol, idl.type(arguments.type));
    }
  } catch (const ProtocolError& error) {
    throw std::runtime_error(error.message());  // the input is wrong: no connection broke
  }
  return success;
}

}  // namespace

void add_decode(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<DecodeArguments>();
  CLI::App* const verb = app.add_subcommand("decode", "Bytes on standard input to JSON");
  verb->add_option("FILE", arguments->file, "The .thrift file")->required();
  verb->add_option("TYPE", arguments->type,
                   "Any type: `Batch`, `list<Span>`, `map<string, i64>`; with --message a service")
      ->required();
  arguments->protocol.add_to(*verb);
  add_format(*verb, arguments->format);
  add_choice(*verb, "--strictness", arguments->strictness,
             {{"default", Preset::default_},
              {"strict", Preset::strict},
              {"like_apache", Preset::like_apache}},
             "Which oddities are errors: required fields that are missing and bytes behind the "
             "value (default), all (strict), or missing required fields only, as for Apache's C++");
  add_choice<std::optional<Trailing>>(*verb, "--trailing", arguments->trailing,
                                      {{"error", Trailing::error}, {"skip", Trailing::skip}},
                                      "Bytes behind the value (default: as --strictness says)");
  verb->add_flag("--message", arguments->message,
                 "The input is a stream of whole messages; one line of JSON each");
  verb->add_flag("--framed", arguments->framed, "Each message has its length in front of it");
  arguments->json.add_to(*verb);
  arguments->json.add_indent_to(*verb);
  arguments->load.add_to(*verb);
  verb->footer(
      "Examples:\n"
      "  thriftpp decode jaeger.thrift Batch < batch.bin\n"
      "  thriftpp decode zipkin.thrift 'list<Span>' --format hex < spans.hex\n"
      "  thriftpp decode user.thrift UserService --message --framed < capture.bin");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace thrift::command
