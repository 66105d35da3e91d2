#pragma once

/// @file
/// How `.thrift` files are loaded.
/// Threads: plain data; const use is safe from several threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/idl/parser.hpp>
#include <thriftpp/idl/source.hpp>
#include <vector>

namespace thrift {

/// What hostile files may cost. Going beyond one is a located error; nothing here makes a load that
/// stays below them slower. How many errors are kept is `DiagnosticOptions::max_errors` (100).
struct LoadLimits {
  /// Bytes of one file; 4 MiB.
  std::size_t max_file_bytes = ParseLimits{}.max_file_bytes;
  /// Files of one load, the root among them; each counts once, however often it is included. One
  /// file may not include more often either.
  std::size_t max_files = 4096;
  /// How deep includes may nest: 1 lets the root include files that include none.
  std::size_t max_include_depth = 64;
  /// Nesting of types and of constants, both as they are written and with all names in them
  /// replaced by what they stand for. `list<list<i32>>` is 3 deep.
  std::size_t max_depth = 64;
  /// A typedef that needs a typedef that needs a typedef is a chain of 3; constants likewise.
  std::size_t max_chain = 256;
  /// How many types the full spelling of a type may name (`map<string, list<i32>>` names 4), and
  /// how long the spellings of all container types may be together, in bytes. Without these, thirty
  /// typedefs, each a map from the one before to itself, would spell out to gigabytes.
  std::size_t max_type_names = 256;
  std::size_t max_type_bytes = std::size_t{16} << 20;
  /// Functions of all services together, inherited ones counted again in each.
  std::size_t max_functions = 1'000'000;
  /// Scalars and containers in all constants and defaults together, each reference counting with
  /// all that it stands for.
  std::size_t max_constant_values = 1'000'000;
  /// Memory of all constants and defaults together, in bytes.
  std::size_t max_constant_bytes = std::size_t{256} << 20;
};

/// What becomes of a field that is written without an id.
enum class ImplicitIds : std::uint8_t {
  apache,      ///< -1, -2, ... as Apache's compiler and thriftpy number them.
  sequential,  ///< One more than the field before, from 1, as thriftgo (Kitex) numbers them.
  reject,      ///< An error, as in fbthrift.
};

struct LoadOptions {
  /// Where included files are looked for after the folder of the file that includes them.
  std::vector<std::string> include_dirs = {};
  /// Where files come from; nullptr means the disk.
  std::shared_ptr<const FileProvider> provider = nullptr;
  /// What messages call the text given to `loads`. Its includes are searched as if it lay there.
  std::string file_name = "<text>";
  /// Where it is not empty, a file that lies in none of these folders (symbolic links resolved) is
  /// refused. Keeps text that came from elsewhere from reading what it should not.
  std::vector<std::string> roots = {};
  /// Explicit ids of 0 and below are kept as they are. Without it they are numbered anew with a
  /// warning, which is what Apache's compiler does without `--allow-neg-keys`.
  bool keep_negative_ids = false;
  ImplicitIds implicit_ids = ImplicitIds::apache;
  /// Which warnings count, and how many errors are kept.
  DiagnosticOptions diagnostics = {};
  LoadLimits limits = {};
};

}  // namespace thrift
