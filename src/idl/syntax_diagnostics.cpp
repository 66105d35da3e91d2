// The kinds of diagnostics that the parser reports. Each has a file in tests/idl/diagnostics that
// shows it.

#include <array>
#include <thriftpp/idl/diagnostic.hpp>

namespace thrift {

std::span<const DiagnosticKind> syntax_diagnostics() noexcept {
  using enum Severity;
  static constexpr std::array kinds{
      DiagnosticKind{"bad-encoding", error, "The file is not encoded in UTF-8."},
      DiagnosticKind{"bad-escape", error, "A backslash in a string begins no known escape."},
      DiagnosticKind{"bad-number", error, "A number has no digits, or something after them."},
      DiagnosticKind{"deprecated-syntax", warning, "There is a newer way to write this."},
      DiagnosticKind{"dotted-name", error, "A name that is defined holds a dot."},
      DiagnosticKind{"double-overflow", warning, "A number is too large for a double."},
      DiagnosticKind{"expected-definition", error,
                     "Something that begins no definition stands where one must."},
      DiagnosticKind{
          "expected-member", error,
          "Something else stands where a field, function, enum value or annotation must."},
      DiagnosticKind{"expected-name", error, "A name is missing."},
      DiagnosticKind{"expected-token", error, "A punctuation character is missing."},
      DiagnosticKind{"expected-type", error, "A type is missing, or is none."},
      DiagnosticKind{"expected-value", error, "A value is missing, or is not of the form wanted."},
      DiagnosticKind{"extra-separator", error,
                     "There are more separators than things to separate."},
      DiagnosticKind{"fbthrift-syntax", error, "Syntax that only fbthrift knows."},
      DiagnosticKind{"file-too-large", error, "The file has more bytes than are allowed."},
      DiagnosticKind{"integer-overflow", error, "An integer does not fit 64 bits."},
      DiagnosticKind{"leading-zero", warning,
                     "A decimal number begins with 0, which others read as octal."},
      DiagnosticKind{"lone-carriage-return", warning,
                     "A line comment runs over a carriage return that has no line feed."},
      DiagnosticKind{"nesting-too-deep", error, "Types or values are nested too deep."},
      DiagnosticKind{"newline-in-string", error, "A string goes over several lines."},
      DiagnosticKind{"not-portable", warning,
                     "It is clear what is meant, but Apache's compiler refuses it."},
      DiagnosticKind{"removed-syntax", error, "Syntax that the language once had."},
      DiagnosticKind{"reserved-word", error, "A word of the language is used as a name."},
      DiagnosticKind{"thriftrw-syntax", error, "Syntax that only thriftrw knows."},
      DiagnosticKind{"unclosed-bracket", error, "A bracket is opened and never closed."},
      DiagnosticKind{"unexpected-character", error,
                     "A character that has no meaning in the language."},
      DiagnosticKind{"unexpected-token", error,
                     "A bracket is closed that was not opened, or opened twice."},
      DiagnosticKind{"unknown-keyword", error, "A keyword is misspelt."},
      DiagnosticKind{"unterminated-comment", error, "A comment is never closed."},
      DiagnosticKind{"unterminated-string", error, "A string is never closed."},
  };
  return kinds;
}

}  // namespace thrift
