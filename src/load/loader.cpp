// The phases of a load, in order. Each is a file of its own.

#include <stdexcept>
#include <thriftpp/load/load.hpp>
#include <thriftpp/load/loader.hpp>

#include "load/load_state.hpp"

namespace thrift {
namespace loading {
namespace {

Result<Idl> run(Load& load, const SourcePtr& root) {
  if (root != nullptr) {
    read_files(load, root);
    declare_names(load);
    define_programs(load);
    define_enums(load);
    define_typedefs(load);
    define_structs(load);
    define_services(load);
    define_constants(load);
    load.builder.lay_out();
    evaluate_constants(load);
    settle_unused(load);
  }
  load.diagnostics.sort();
  if (load.diagnostics.has_errors()) {
    return make_failure<IdlErrorDetail>(std::move(load.diagnostics));
  }
  return IdlAccess::make(std::move(load.builder).build(), std::move(load.diagnostics),
                         std::move(load.uuids));
}

const FileProvider& provider_of(const LoadOptions& options) {
  static const DiskFiles disk;
  return options.provider != nullptr ? *options.provider : disk;
}

/// The root file, or nullptr where it cannot be read, which is reported.
SourcePtr read_root(Load& load, const std::string& path) {
  const auto fail = [&](std::string problem, std::string_view id = "unreadable-file") -> SourcePtr {
    load.diagnostics.error(id, {}, backquoted(path) + ' ' + std::move(problem));
    return nullptr;
  };
  const std::size_t max_bytes = load.options.limits.max_file_bytes;
  FileContent content = load.files.read(path, max_bytes);
  switch (content.status) {
    case FileContent::Status::found: break;
    case FileContent::Status::not_found: return fail("does not exist");
    case FileContent::Status::unreadable: return fail("cannot be read: " + content.problem);
    case FileContent::Status::too_large:
      return fail("has more than " + std::to_string(max_bytes) + " bytes", "file-too-large");
  }
  std::string canonical = load.files.canonical(path).value_or(path);
  if (!inside_roots(load, canonical)) {
    return fail("lies outside of the folders allowed", "outside-roots");
  }
  return SourceFile::create(path, std::move(content.text), std::move(canonical));
}

}  // namespace
}  // namespace loading

Result<Idl> try_load(const std::string& path, const LoadOptions& options) {
  loading::Load load(options, loading::provider_of(options));
  const SourcePtr root = loading::read_root(load, path);
  return loading::run(load, root);
}

Result<Idl> try_loads(std::string_view text, const LoadOptions& options) {
  loading::Load load(options, loading::provider_of(options));
  return loading::run(load, SourceFile::create(options.file_name, std::string(text)));
}

Idl load(const std::string& path, const LoadOptions& options) {
  return try_load(path, options).value();
}

Idl loads(std::string_view text, const LoadOptions& options) {
  return try_loads(text, options).value();
}

}  // namespace thrift
