#pragma once

// What the tests of this layer share: files in memory, and what a load says of them.

#include <map>
#include <string>
#include <thriftpp/load/load.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift::test {

using Files = std::map<std::string, std::string>;

[[nodiscard]] inline LoadOptions in_memory(const Files& files, LoadOptions options = {}) {
  options.provider = std::make_shared<MemoryFiles>(files);
  return options;
}

/// Loads m.thrift.
[[nodiscard]] inline Result<Idl> try_files(const Files& files, LoadOptions options = {}) {
  return try_load("m.thrift", in_memory(files, std::move(options)));
}
[[nodiscard]] inline Idl load_files(const Files& files, LoadOptions options = {}) {
  return try_files(files, std::move(options)).value();
}

/// "2:5 unknown-type, b.thrift:1:3 warning duplicate-map-key": places in m.thrift go without name.
[[nodiscard]] inline std::string ids(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) {
    if (!out.empty()) out += ", ";
    if (d.range) {
      const SourcePosition at = d.range.start();
      if (d.range.file->name() != "m.thrift") out += d.range.file->name() + ':';
      out += std::to_string(at.line) + ':' + std::to_string(at.column) + ' ';
    }
    if (d.severity == Severity::warning) out += "warning ";
    out += d.id;
  }
  return out;
}
[[nodiscard]] inline const Diagnostics& diagnostics_of(const Result<Idl>& loaded) {
  return loaded ? loaded->diagnostics() : loaded.error().as<IdlErrorDetail>()->diagnostics;
}
[[nodiscard]] inline std::string ids(const Files& files, LoadOptions options = {}) {
  return ids(diagnostics_of(try_files(files, std::move(options))));
}
[[nodiscard]] inline std::string ids(const std::string& text, LoadOptions options = {}) {
  return ids(Files{{"m.thrift", text}}, std::move(options));
}

/// The JSON of a constant's value.
[[nodiscard]] inline std::string value_of(const Idl& idl, std::string_view constant) {
  return to_json(ValueView(idl.constant(constant)));
}
[[nodiscard]] inline std::string default_of(const Idl& idl, std::string_view type,
                                            std::string_view field) {
  const Field& f = idl.struct_type(type).field(field);
  return to_json(ValueView(f.type(), f.default_slot()));
}

}  // namespace thrift::test
