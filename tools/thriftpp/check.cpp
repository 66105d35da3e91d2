// thriftpp check FILE...: the diagnostics of all files, and of those in folders.

#include <cstdio>
#include <memory>
#include <set>
#include <tuple>

#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct CheckArguments {
  std::vector<std::string> files;
  std::string format = "text";
  LoadArguments load;
};

/// Diagnostics of several loads as one, each once: files that are checked may include each other.
class Merged {
 public:
  void add(const Diagnostics& found) {
    for (const Diagnostic& d : found.all()) {
      const SourceFile* const file = d.range.file;
      if (!seen_
               .emplace(file == nullptr ? std::string() : file->canonical_path(), d.range.begin,
                        d.id, d.message)
               .second) {
        continue;
      }
      if (file != nullptr) add_file(*file, found);
      all_.report(d);
    }
  }
  void error(std::string_view id, std::string message) { all_.error(id, {}, std::move(message)); }
  [[nodiscard]] const Diagnostics& all() const noexcept { return all_; }

 private:
  void add_file(const SourceFile& file, const Diagnostics& found) {
    const SourceRange from = found.included_from(&file);
    if (from) add_file(*from.file, found);
    all_.add_file(file.shared_from_this(), from);
  }

  static DiagnosticOptions keep_all() {
    DiagnosticOptions options;
    options.max_errors = 0;  // each load has kept to its limit
    return options;
  }

  Diagnostics all_{keep_all()};
  std::set<std::tuple<std::string, std::uint32_t, std::string, std::string>> seen_;
};

/// What is to be checked: the files, and those of the folders.
std::vector<std::string> files_of(const CheckArguments& arguments, Merged& merged) {
  std::vector<std::string> all;
  for (const std::string& path : arguments.files) {
    const std::vector<std::string> files = idl_files(path);
    if (files.empty()) merged.error("unreadable-file", "`" + path + "` holds no .thrift file");
    all.insert(all.end(), files.begin(), files.end());
  }
  return all;
}

int check(const CheckArguments& arguments) {
  Merged merged;
  const LoadOptions options = arguments.load.options();
  for (const std::string& file : files_of(arguments, merged)) {
    if (const Result<Idl> idl = try_load(file, options)) {
      merged.add(idl->diagnostics());
    } else if (const auto* detail = idl.error().as<IdlErrorDetail>()) {
      merged.add(detail->diagnostics);
    } else {
      idl.error().raise();
    }
  }
  if (arguments.format == "text") {
    std::fputs(render_text(merged.all(), terminal_style()).c_str(), stderr);
  } else if (arguments.format == "json") {
    print(render_json(merged.all()) + '\n');
  } else {
    print(render_github(merged.all()));
  }
  return merged.all().has_errors() ? wrong_input : success;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* const verb = app.add_subcommand("check", "Show what is wrong with .thrift files");
  verb->add_option("FILE", arguments->files, "Files to check, and folders with all in them")
      ->required();
  add_choice<std::string>(*verb, "--format", arguments->format,
                          {{"text", "text"}, {"json", "json"}, {"github", "github"}},
                          "How to show it; text goes to standard error");
  arguments->load.add_to(*verb);
  verb->footer(
      "Ends with 1 where any file has an error or cannot be read.\n"
      "Examples:\n"
      "  thriftpp check idl -I shared\n"
      "  thriftpp check idl/*.thrift --root idl --root shared\n"
      "  thriftpp check user.thrift --format github --warnings-as-errors");
  verb->callback([arguments, &exit_code] { exit_code = check(*arguments); });
}

}  // namespace thrift::command
