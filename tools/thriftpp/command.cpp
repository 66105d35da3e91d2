#include "command.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace thrift::command {

void LoadArguments::add_to(CLI::App& app) {
  app.add_option("-I,--include", include_dirs,
                 "Folder where included files are looked for; may repeat")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--root", roots, "Read no file outside of this folder; may repeat")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_flag("--keep-negative-ids", keep_negative_ids,
               "Keep explicit field ids of 0 and below, as Apache's --allow-neg-keys");
  app.add_flag("--no-warnings", no_warnings, "Show no warnings");
  app.add_flag("--warnings-as-errors", warnings_as_errors, "Every warning is an error");
  app.add_option("--ignore", ignored, "Do not show warnings of this id; may repeat")
      ->type_name("ID")
      ->allow_extra_args(false);
  app.add_option("--as-error", as_errors, "Warnings of this id are errors; may repeat")
      ->type_name("ID")
      ->allow_extra_args(false);
  app.add_option("--max-errors", max_errors, "Errors shown of one file; 0 shows all")
      ->capture_default_str();
}

LoadOptions LoadArguments::options() const {
  LoadOptions options;
  options.include_dirs = include_dirs;
  options.roots = roots;
  options.keep_negative_ids = keep_negative_ids;
  options.diagnostics.max_errors = max_errors;
  options.diagnostics.no_warnings = no_warnings;
  options.diagnostics.warnings_as_errors = warnings_as_errors;
  options.diagnostics.ignored.insert(ignored.begin(), ignored.end());
  options.diagnostics.as_errors.insert(as_errors.begin(), as_errors.end());
  return options;
}

TextStyle terminal_style() {
  const char* const no_color = std::getenv("NO_COLOR");
  TextStyle style;
  style.colour = isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
  return style;
}

Idl load_for(const LoadArguments& arguments, const std::string& file) {
  Idl idl = load(file, arguments.options());
  if (!idl.diagnostics().empty()) {
    std::fputs(render_text(idl.diagnostics(), terminal_style()).c_str(), stderr);
  }
  return idl;
}

MethodName::MethodName(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos) service = name.substr(0, dot);
  function = name.substr(dot + 1);  // npos + 1 is 0
}

const Function& find_function(const Service& service, std::string_view name) {
  try {
    return service.function(name);
  } catch (const ApplicationError& error) {
    throw std::runtime_error(error.message());
  }
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw std::runtime_error("cannot write to standard output");
  }
}

}  // namespace thrift::command
