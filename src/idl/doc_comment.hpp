#pragma once

/// @file
/// Documentation comments: which comments are, and what they say.

#include <string>
#include <string_view>

namespace thrift::syntax {

/// Whether a block comment is documentation: `/** ... */`, but not one of stars only.
[[nodiscard]] bool is_doc_comment(std::string_view comment) noexcept;

/// The text of a documentation comment as Apache's compiler cleans it: without carriage returns,
/// without the column of stars where every line has one in the same place, without the indentation
/// that the lines share, without white space at their ends. Lines end in LF, the last one too.
/// Empty where nothing is left.
[[nodiscard]] std::string clean_doc_comment(std::string_view comment);

}  // namespace thrift::syntax
