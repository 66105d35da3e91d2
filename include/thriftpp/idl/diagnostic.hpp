#pragma once

/// @file
/// Diagnostics: what is wrong with `.thrift` files, collected, and shown.
///
///     user.thrift:3:15: error: unknown type `Usr`; did you mean `User`? [unknown-type]
///        3 |   1: required Usr user
///          |               ^~~
///     user.thrift:9:8: note: `User` is defined here
///
/// Whoever finds a mistake reports it to a `Diagnostics` and goes on, so that one run shows every
/// mistake; whoever asked for the work looks at `has_errors()` at the end, and throws an `IdlError`
/// that carries them all.
///
/// Each diagnostic has a stable id ("unknown-type"): kebab-case, one per kind of mistake, never
/// reused for another kind. Warnings are switched off or turned into errors by it.
///
/// Style of messages: lower case, no final stop, names in backquotes.
/// Threads: a Diagnostics belongs to one thread; const use is safe from several.

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/error.hpp>
#include <thriftpp/base/export.hpp>
#include <thriftpp/idl/source.hpp>
#include <vector>

namespace thrift {

enum class Severity : std::uint8_t { note, warning, error };

/// "note", "warning", "error".
[[nodiscard]] THRIFTPP_API std::string_view to_string(Severity severity) noexcept;

/// Something that helps to understand a diagnostic: where the first definition was, where the brace
/// was opened.
struct DiagnosticNote {
  std::string message;
  SourceRange range;  ///< May be nowhere.
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string id;       ///< "unknown-type"
  std::string message;  ///< One line, without position, id and suggestion.
  SourceRange range;    ///< May be nowhere (a file that cannot be read, named in the message).
  std::vector<DiagnosticNote> notes = {};
  /// What most likely should stand in the place of `range`. Shown as "; did you mean `...`?"; an
  /// editor can put it in. Empty where there is nothing to suggest.
  std::string suggestion = {};
};

/// A kind of diagnostic, for lists of what can be switched off and for documentation.
struct DiagnosticKind {
  std::string_view id;
  Severity severity;         ///< The one it has unless options change it.
  std::string_view meaning;  ///< One sentence.
};

/// The kinds that reading the text of a file can report (the parser's), sorted by id.
[[nodiscard]] THRIFTPP_API std::span<const DiagnosticKind> syntax_diagnostics() noexcept;

struct DiagnosticOptions {
  /// Errors kept before the collector says `full()` and drops further ones; 0 keeps all. Warnings
  /// are limited to the same number.
  std::size_t max_errors = 100;
  bool no_warnings = false;         ///< All warnings are dropped, but for those made errors.
  bool warnings_as_errors = false;  ///< All warnings not switched off are errors.
  std::set<std::string, std::less<>> ignored = {};    ///< Ids of warnings that are dropped.
  std::set<std::string, std::less<>> as_errors = {};  ///< Ids of warnings that become errors.
};

/// Collects diagnostics. Keeps the files that they point into alive.
class THRIFTPP_API Diagnostics {
 public:
  explicit Diagnostics(DiagnosticOptions options = {}) : options_(std::move(options)) {}

  /// Keeps `diagnostic`, with the severity that the options give it. A warning that is switched off
  /// and an error beyond the limit are dropped (the latter are still counted).
  /// Returns whether it was kept.
  bool report(Diagnostic diagnostic);
  /// The same in pieces.
  bool error(std::string_view id, SourceRange range, std::string message,
             std::string suggestion = {}, std::vector<DiagnosticNote> notes = {});
  bool warning(std::string_view id, SourceRange range, std::string message,
               std::string suggestion = {}, std::vector<DiagnosticNote> notes = {});

  /// Says that `file` is being read, before anything is reported on it: `sort()` puts the files in
  /// the order of these calls. `included_from` is the place of the include that asked for it first
  /// (nowhere for a file that was asked for by name); renderers show the chain of these.
  void add_file(const SourcePtr& file, SourceRange included_from = {});
  /// Where `file` was included from; nowhere for a root and for an unknown file.
  [[nodiscard]] SourceRange included_from(const SourceFile* file) const noexcept;

  [[nodiscard]] const std::vector<Diagnostic>& all() const noexcept { return diagnostics_; }
  [[nodiscard]] bool empty() const noexcept { return diagnostics_.empty(); }
  [[nodiscard]] bool has_errors() const noexcept { return errors_ != 0; }
  /// Those dropped at the limit included.
  [[nodiscard]] std::size_t error_count() const noexcept { return errors_; }
  [[nodiscard]] std::size_t warning_count() const noexcept { return warnings_; }
  /// The limit of errors is reached: there is no point in looking further.
  [[nodiscard]] bool full() const noexcept {
    return options_.max_errors != 0 && errors_ >= options_.max_errors;
  }
  [[nodiscard]] const DiagnosticOptions& options() const noexcept { return options_; }

  /// Orders by file (as added), then by place; what has none comes first.
  void sort();

 private:
  struct KnownFile {
    SourcePtr file;
    SourceRange included_from;
  };
  std::size_t find_file(const SourceFile* file) const noexcept;
  void keep(SourceRange range);

  DiagnosticOptions options_;
  std::vector<Diagnostic> diagnostics_;
  std::vector<KnownFile> files_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// How text is shown.
struct TextStyle {
  bool colour = false;            ///< ANSI colours.
  bool source = true;             ///< The source line with its caret.
  std::uint32_t tab_width = 4;    ///< Columns that a tab in a source line is shown as; at least 1.
  std::uint32_t max_width = 160;  ///< Source lines longer than this are cut around the caret.
};

/// Text for people: `file:line:column: error: message [id]`, the source line, a caret, the notes.
/// Ends with a line end unless there is nothing to show.
[[nodiscard]] THRIFTPP_API std::string render_text(const Diagnostics& diagnostics,
                                                   const TextStyle& style = {});
/// One of them.
[[nodiscard]] THRIFTPP_API std::string render_text(const Diagnostic& diagnostic,
                                                   const TextStyle& style = {});

/// A JSON array of objects {"severity", "id", "message", "file", "line", "column", "end_line",
/// "end_column", "offset", "length", "suggestion", "notes": [...], "included_from": [...]}; what is
/// absent is left out. Lines and columns count from 1, the end is exclusive, offset and length are
/// bytes. Bytes that are not UTF-8 are shown as U+FFFD.
[[nodiscard]] THRIFTPP_API std::string render_json(const Diagnostics& diagnostics, int indent = 2);

/// Workflow commands of GitHub's actions, one line each:
/// `::error file=user.thrift,line=3,col=15,endColumn=18,title=unknown-type::message`.
[[nodiscard]] THRIFTPP_API std::string render_github(const Diagnostics& diagnostics);

/// The detail of an IdlError: every diagnostic of the load. `message` is their text, without
/// colour.
struct THRIFTPP_API IdlErrorDetail : ErrorDetail {
  explicit IdlErrorDetail(Diagnostics found);
  [[noreturn]] void raise(const Failure& failure) const override;

  Diagnostics diagnostics;
};

/// The `.thrift` files are wrong. what() shows every diagnostic, a source line and a caret for
/// each.
class THRIFTPP_API IdlError : public Error {
 public:
  using Error::Error;
  explicit IdlError(Diagnostics diagnostics);
  ~IdlError() override;

  /// Warnings are among them; lives as long as this error or a copy of it.
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept {
    return static_cast<const IdlErrorDetail&>(failure().detail()).diagnostics;
  }
};

}  // namespace thrift
