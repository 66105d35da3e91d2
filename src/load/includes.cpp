// Reading: the root, and every file that it includes, each once.
//
// A file is known by its canonical path, and is entered into the list before its own includes are
// read: a file that includes one which is still being read closes a cycle.

#include <algorithm>
#include <thriftpp/idl/parser.hpp>

#include "load/load_state.hpp"

namespace thrift::loading {

bool inside_roots(const Load& load, std::string_view canonical) {
  const auto holds = [&](const std::string& root) {
    const std::string folder = load.files.canonical(root).value_or(root);
    if (folder.empty() || folder == "/" || folder == ".") return true;
    return canonical.starts_with(folder) &&
           (canonical.size() == folder.size() || canonical[folder.size()] == '/' ||
            folder.back() == '/');
  };
  return load.options.roots.empty() ||
         std::any_of(load.options.roots.begin(), load.options.roots.end(), holds);
}

namespace {

/// "b.v1" of "folder/b.v1.thrift": the name by which Apache's compiler calls a file.
std::string program_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
  return std::string(path.substr(0, path.rfind('.')));
}

char to_small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class Reader {
 public:
  explicit Reader(Load& load) : load_(load), limits_(load.options.limits) {}

  /// Recursion is bounded by `max_include_depth`.
  Unit& read(const SourcePtr& source, SourceRange included_from) {
    Unit& unit = load_.units.emplace_back();
    by_path_.emplace(source->canonical_path(), &unit);
    unit.name = program_name(source->name());
    unit.source = source;
    load_.diagnostics.add_file(source, included_from);
    const ParseLimits limits{.max_file_bytes = limits_.max_file_bytes,
                             .max_depth = limits_.max_depth};
    unit.tree = parse_idl(source, load_.diagnostics, limits);
    stack_.push_back(&unit);
    for (const ast::Header& header : unit.tree.headers) {
      const auto* const include = std::get_if<ast::Include>(&header);
      if (include == nullptr) continue;
      if (unit.includes.size() == limits_.max_files) {
        load_.diagnostics.error(
            "too-many-files", include->path.range,
            "this file includes more than " + std::to_string(limits_.max_files) + " times");
        break;
      }
      follow(unit, *include);
    }
    stack_.pop_back();
    return unit;
  }

 private:
  /// Finds and reads what `tree` includes.
  void follow(Unit& unit, const ast::Include& tree) {
    // Reading another file adds nothing here: the reference stays good.
    Include& include = unit.includes.emplace_back();
    include.tree = &tree;
    include.prefix = program_name(tree.path.value);
    std::string path;
    std::string canonical;
    if (!find(unit, std::string(tree.path.value), path, canonical)) {
      include.missing = true;
      include.suggestion = similar_file(unit, tree.path.value);
      return;
    }
    if (const auto known = by_path_.find(canonical); known != by_path_.end()) {
      include.unit = known->second;
      if (std::find(stack_.begin(), stack_.end(), known->second) != stack_.end()) {
        report_cycle(tree, *known->second);
      }
      return;
    }
    SourcePtr source = open(tree, path, std::move(canonical));
    if (source == nullptr) return;
    include.unit = &read(source, tree.range);
  }

  /// The first place where the file is: beside the including file, as that is named and as its
  /// symbolic links are resolved, then in the include directories.
  bool find(const Unit& unit, const std::string& file, std::string& path, std::string& canonical) {
    const auto is_in = [&](std::string_view directory) {
      path = load_.files.join(directory, file);
      auto found = canonical_of(path);
      if (!found) return false;
      canonical = *std::move(found);
      return true;
    };
    const std::string beside = load_.files.directory(unit.source->name());
    if (is_in(beside)) return true;
    if (file.starts_with('/')) return false;
    const std::string real = load_.files.directory(unit.source->canonical_path());
    if (real != beside && is_in(real)) return true;
    const auto& dirs = load_.options.include_dirs;
    return std::any_of(dirs.begin(), dirs.end(), is_in);
  }

  /// A file that is there, and is named as was written but for the suffix or capital letters.
  std::string similar_file(const Unit& unit, std::string_view path) {
    const std::string folder(path.substr(0, path.rfind('/') + 1));  // npos + 1 is 0
    std::string name = program_name(path);
    std::string found;
    std::string canonical;
    for (const bool small : {false, true}) {
      if (small) std::transform(name.begin(), name.end(), name.begin(), to_small);
      const std::string file = folder + name + ".thrift";
      if (file != path && find(unit, file, found, canonical)) return file;
    }
    return {};
  }

  /// Files come from few folders: each is resolved once a load.
  std::optional<std::string> canonical_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos || slash == 0) return load_.files.canonical(path);
    const auto [at, is_new] = folders_.try_emplace(load_.files.directory(path));
    if (is_new) at->second = load_.files.canonical(at->first);
    if (!at->second) return load_.files.canonical(path);  // a provider may know files only
    return load_.files.canonical_in(*at->second, std::string_view(path).substr(slash + 1));
  }

  SourcePtr open(const ast::Include& tree, const std::string& path, std::string canonical) {
    const auto fail = [&](std::string_view id, std::string message) -> SourcePtr {
      load_.diagnostics.error(id, tree.path.range, std::move(message));
      return nullptr;
    };
    if (!inside_roots(load_, canonical)) {
      return fail("outside-roots", backquoted(path) + " lies outside of the folders allowed");
    }
    if (stack_.size() > limits_.max_include_depth) {
      return fail("includes-too-deep", "includes are nested more than " +
                                           std::to_string(limits_.max_include_depth) + " deep");
    }
    if (load_.units.size() >= limits_.max_files) {
      return fail("too-many-files",
                  "more than " + std::to_string(limits_.max_files) + " files are included");
    }
    FileContent content = load_.files.read(path, limits_.max_file_bytes);
    switch (content.status) {
      case FileContent::Status::found:
        return SourceFile::create(path, std::move(content.text), std::move(canonical));
      case FileContent::Status::not_found:
        return fail("unreadable-file", backquoted(path) + " does not exist any more");
      case FileContent::Status::too_large:
        return fail("file-too-large", backquoted(path) + " has more than " +
                                          std::to_string(limits_.max_file_bytes) + " bytes");
      case FileContent::Status::unreadable: break;
    }
    return fail("unreadable-file", backquoted(path) + " cannot be read: " + content.problem);
  }

  void report_cycle(const ast::Include& tree, const Unit& target) {
    std::string chain;
    for (auto it = std::find(stack_.begin(), stack_.end(), &target); it != stack_.end(); ++it) {
      chain += backquoted((*it)->source->name()) + " includes ";
    }
    load_.diagnostics.error(
        "include-cycle", tree.path.range,
        "files include each other: " + chain + backquoted(target.source->name()));
  }

  Load& load_;
  const LoadLimits& limits_;
  std::unordered_map<std::string_view, Unit*> by_path_;  // views into the units' sources
  std::vector<Unit*> stack_;
  std::unordered_map<std::string, std::optional<std::string>> folders_;  // canonical paths
};

}  // namespace

void read_files(Load& load, const SourcePtr& root) {
  Reader(load).read(root, {});
}

}  // namespace thrift::loading
