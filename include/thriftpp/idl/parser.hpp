#pragma once

/// @file
/// Text to syntax tree.
///
/// The language is that of Apache's newest compiler, more leniently where that is unambiguous:
///
/// - separators `,` and `;` may also follow headers and definitions;
/// - a keyword may name anything that no type reference can be confused with: fields, arguments,
///   functions, enum values, constants, services;
/// - annotations may also follow constants, references to named types and `namespace *`;
/// - headers may also stand behind definitions;
/// - a `-` followed by a letter may be part of a name in a namespace or a reference (`b-x.User`),
///   so that every file name can be referred to.
///
/// What Apache's compiler would refuse there gives a warning `not-portable`. More strictly:
/// unterminated comments and strings are located errors, a number must have digits, and no letter
/// may follow it directly.
///
/// A mistake is reported and reading goes on behind it: at the next field, value or function, or
/// the next definition. One run shows them all, without errors that only follow from others.
///
/// Cost: linear in the size of the text, in time and memory; no recursion beyond `max_depth`.
/// Threads: any number of parses may run at once.

#include <cstddef>
#include <optional>
#include <thriftpp/base/export.hpp>
#include <thriftpp/idl/ast.hpp>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/idl/source.hpp>

namespace thrift {

/// What hostile input may cost. Going beyond one is a located error.
struct ParseLimits {
  /// Bytes of one file. Real ones have less than 100,000; a tree takes up to some 200 bytes of
  /// memory for each byte of a text made for that purpose, and about 10 for each of a usual one.
  std::size_t max_file_bytes = std::size_t{4} << 20;
  /// Nesting of types, of constants, and of `xsd_attrs`, each. `list<list<i32>>` is 3 deep.
  std::size_t max_depth = 64;
};

/// Parses a file. Never throws for what the text holds: mistakes go to `diagnostics` (which is told
/// of the file by `add_file` if it does not know it yet), and the tree holds what could be read.
[[nodiscard]] THRIFTPP_API ast::Program parse_idl(const SourcePtr& source, Diagnostics& diagnostics,
                                                  const ParseLimits& limits = {});

/// A type that stands alone, with what it borrows from.
struct TypeExpression {
  SourcePtr source;
  ast::Type type;
  std::unique_ptr<Arena> memory;
};

/// Parses a type expression, e.g. `map<string, list<b.User>>`, and nothing behind it. Nothing is
/// returned where there is a mistake, which is reported.
[[nodiscard]] THRIFTPP_API std::optional<TypeExpression> parse_idl_type(
    const SourcePtr& source, Diagnostics& diagnostics, const ParseLimits& limits = {});

}  // namespace thrift
