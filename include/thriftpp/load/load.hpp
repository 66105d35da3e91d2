#pragma once

/// @file
/// From `.thrift` files to an `Idl`.
///
///     thrift::Idl idl = thrift::load("user.thrift", {.include_dirs = {"idl"}});
///
/// The language is that of Apache's newest compiler, read more leniently where that is unambiguous
/// and more strictly where Apache's lets a mistake through:
///
/// - everything may be used before its definition: types, services, exceptions, constants;
/// - the value of an enum may stand without the enum's name where the type says which enum it is;
/// - two files that define the same name never clash;
/// - a typedef, service or constant that depends on itself is an error that shows the cycle;
/// - integer constants and field ids must be in range, a value of one enum is none of another, a
///   union constant has at most one member.
///
/// What a name means. A bare name is a definition of the same file. `b.Name` is one of the included
/// file `b.thrift`, whatever folder it lies in; where files' names have dots themselves, the
/// longest that fits is meant. Only files that are included directly count. Of two includes with
/// the same base name both are searched, the later first.
///
/// Included files are searched in the folder of the including file, then in the include
/// directories. A file that is not found is a warning until something of it is used.
///
/// One load reports every mistake of all files, in order, and none that only follows from another.
/// Threads: loads are independent of each other, and may run at once.

#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/result.hpp>
#include <thriftpp/load/idl.hpp>
#include <thriftpp/load/options.hpp>
#include <vector>

namespace thrift {

/// Loads a file and all that it includes. Throws IdlError with every mistake (also where the file
/// cannot be read).
[[nodiscard]] THRIFTPP_API Idl load(const std::string& path, const LoadOptions& options = {});

/// The same for text.
[[nodiscard]] THRIFTPP_API Idl loads(std::string_view text, const LoadOptions& options = {});

/// The same without exceptions: the failure's detail is an IdlErrorDetail.
[[nodiscard]] THRIFTPP_API Result<Idl> try_load(const std::string& path,
                                                const LoadOptions& options = {});
[[nodiscard]] THRIFTPP_API Result<Idl> try_loads(std::string_view text,
                                                 const LoadOptions& options = {});

/// The `.thrift` files of a folder on disk and of all folders in it, sorted by path; of a path that
/// is no folder only itself. Links to folders are not followed, folders that may not be read are
/// passed over.
[[nodiscard]] THRIFTPP_API std::vector<std::string> idl_files(const std::string& path);

/// The kinds of diagnostics that loading reports beyond `syntax_diagnostics()`, sorted by id.
[[nodiscard]] THRIFTPP_API std::span<const DiagnosticKind> load_diagnostics() noexcept;

}  // namespace thrift
