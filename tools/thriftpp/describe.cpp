// thriftpp describe FILE [NAME]: what a file defines.

#include <memory>
#include <thriftpp/load/describe.hpp>

#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct DescribeArguments {
  std::string file;
  std::string name;
  std::string format = "text";
  LoadArguments load;
};

int describe(const DescribeArguments& arguments) {
  if (!arguments.name.empty() && arguments.format != "text") {
    throw UsageError("NAME goes with `--format text` only");
  }
  const Idl idl = load_for(arguments.load, arguments.file);
  print(arguments.format == "json"          ? describe_json(idl) + '\n'
        : arguments.format == "apache-json" ? describe_apache_json(idl)
                                            : describe_text(idl, arguments.name));
  return success;
}

}  // namespace

void add_describe(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<DescribeArguments>();
  CLI::App* const verb =
      app.add_subcommand("describe", "List what a .thrift file defines, or show one definition");
  verb->add_option("FILE", arguments->file, "The file")->required();
  verb->add_option("NAME", arguments->name,
                   "What to show: `User`, `shared.Item`, `UserService.getUser`");
  add_choice<std::string>(*verb, "--format", arguments->format,
                          {{"text", "text"}, {"json", "json"}, {"apache-json", "apache-json"}},
                          "json is ours and complete; apache-json as `thrift -gen json` writes it");
  arguments->load.add_to(*verb);
  verb->footer(
      "Examples:\n"
      "  thriftpp describe shop.thrift\n"
      "  thriftpp describe shop.thrift Shop.place\n"
      "  thriftpp describe shop.thrift --format json | jq .");
  verb->callback([arguments, &exit_code] { exit_code = describe(*arguments); });
}

}  // namespace thrift::command
