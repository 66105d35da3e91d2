#pragma once

/// @file
/// Syntax tree to text.

#include <cstdint>
#include <string>
#include <thriftpp/base/export.hpp>
#include <thriftpp/idl/ast.hpp>

namespace thrift {

struct PrintOptions {
  std::uint32_t indent = 2;  ///< Spaces a level.
  bool docs = true;          ///< Documentation comments are printed.
};

/// The whole program in one uniform layout. Parsing the text gives the same tree
/// (`ast::same_structure`), as long as the tree came out of the parser without errors. Comments
/// that are no documentation are not in the tree, and so not in the text. (In a file without
/// headers it can depend on line breaks whether the first comment is the program's as well; if the
/// source has several documented nodes in one line, that may change.)
[[nodiscard]] THRIFTPP_API std::string print_idl(const ast::Program& program,
                                                 const PrintOptions& options = {});

/// One definition, one type, one value.
[[nodiscard]] THRIFTPP_API std::string print_idl(const ast::Definition& definition,
                                                 const PrintOptions& options = {});
[[nodiscard]] THRIFTPP_API std::string print_idl(const ast::Type& type);
[[nodiscard]] THRIFTPP_API std::string print_idl(const ast::ConstValue& value);

}  // namespace thrift
