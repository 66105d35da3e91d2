// Text as a `.thrift` file, with two files that it may include.
//
// What has to hold: no crash, no hang, no memory beyond what the limits allow; every diagnostic
// points into a file and renders; what parses without a mistake prints as text that parses to the
// same tree; what loads can be described in every form, and its print loads again to the same
// description.

#include <cstdio>
#include <cstdlib>
#include <thriftpp/idl/parser.hpp>
#include <thriftpp/idl/printer.hpp>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/load/load.hpp>

using namespace thrift;

namespace {

void require(bool holds, const char* what, const std::string& detail = {}) {
  if (holds) return;
  std::fprintf(stderr, "%s\n%s\n", what, detail.c_str());
  std::abort();
}

LoadOptions options(std::string_view text) {
  auto files = std::make_shared<MemoryFiles>();
  files->add("fuzz.thrift", std::string(text));
  files->add("shared.thrift",
             "include \"other.v1.thrift\"\n"
             "enum Color { RED = 1, GREEN }\n"
             "struct Item { 1: required string name, 2: Color color = Color.RED }\n"
             "const i32 LIMIT = 10\ntypedef list<Item> Items\n"
             "service Base { Item get(1: i64 id) }\n");
  files->add("other.v1.thrift",
             "include \"fuzz.thrift\"\nunion U { 1: i32 a, 2: string b }\n"
             "exception Oops { 1: U what }\n");
  LoadOptions made;
  made.provider = files;
  // Small, so that a fuzzer's input can reach them.
  made.limits.max_constant_values = 10'000;
  made.limits.max_constant_bytes = std::size_t{1} << 20;
  made.limits.max_type_bytes = std::size_t{1} << 18;
  made.limits.max_functions = 1000;
  return made;
}

void check_diagnostics(const Diagnostics& diagnostics) {
  (void)render_text(diagnostics);
  for (const Diagnostic& d : diagnostics.all()) {
    require(!d.id.empty() && !d.message.empty(), "a diagnostic says nothing");
  }
}

std::string printed(const ast::Program& program) {
  return print_idl(program);
}

void check_print(std::string_view text) {
  Diagnostics first;
  const ast::Program program =
      parse_idl(SourceFile::create("fuzz.thrift", std::string(text)), first);
  check_diagnostics(first);
  if (first.error_count() != 0) return;
  const std::string again = printed(program);
  Diagnostics second;
  const ast::Program reread = parse_idl(SourceFile::create("again.thrift", again), second);
  require(second.error_count() == 0, "the print does not parse", again + render_text(second));
  require(same_structure(program, reread), "the print means something else", again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 16384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_print(text);
  const Result<Idl> loaded = try_load("fuzz.thrift", options(text));
  if (!loaded) {
    const auto* const detail = loaded.error().as<IdlErrorDetail>();
    require(detail != nullptr, "loading failed with something else", loaded.error().message());
    return 0;
  }
  check_diagnostics(loaded->diagnostics());
  require(!describe_apache_json(*loaded).empty(), "nothing to describe");
  require(!describe_json(*loaded).empty(), "nothing to describe");
  (void)describe_text(*loaded);
  return 0;
}
