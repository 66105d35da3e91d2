#include <algorithm>
#include <compare>
#include <thriftpp/idl/diagnostic.hpp>

namespace thrift {

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

bool Diagnostics::report(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::warning) {
    if (options_.as_errors.contains(diagnostic.id)) {
      diagnostic.severity = Severity::error;
    } else if (options_.no_warnings || options_.ignored.contains(diagnostic.id)) {
      return false;
    } else if (options_.warnings_as_errors) {
      diagnostic.severity = Severity::error;
    }
  }
  if (diagnostic.severity != Severity::note) {
    std::size_t& count = diagnostic.severity == Severity::error ? errors_ : warnings_;
    ++count;
    if (options_.max_errors != 0 && count > options_.max_errors) return false;
  }
  keep(diagnostic.range);
  for (const DiagnosticNote& note : diagnostic.notes) keep(note.range);
  diagnostics_.push_back(std::move(diagnostic));
  return true;
}

bool Diagnostics::error(std::string_view id, SourceRange range, std::string message,
                        std::string suggestion, std::vector<DiagnosticNote> notes) {
  return report({Severity::error, std::string(id), std::move(message), range, std::move(notes),
                 std::move(suggestion)});
}

bool Diagnostics::warning(std::string_view id, SourceRange range, std::string message,
                          std::string suggestion, std::vector<DiagnosticNote> notes) {
  return report({Severity::warning, std::string(id), std::move(message), range, std::move(notes),
                 std::move(suggestion)});
}

std::size_t Diagnostics::find_file(const SourceFile* file) const noexcept {
  // From the back: nearly always it is the file that was added last.
  for (std::size_t i = files_.size(); i != 0; --i) {
    if (files_[i - 1].file.get() == file) return i - 1;
  }
  return files_.size();
}

void Diagnostics::add_file(const SourcePtr& file, SourceRange included_from) {
  if (file == nullptr || find_file(file.get()) != files_.size()) return;
  keep(included_from);
  files_.push_back({file, included_from});
}

SourceRange Diagnostics::included_from(const SourceFile* file) const noexcept {
  const std::size_t at = find_file(file);
  return at == files_.size() ? SourceRange{} : files_[at].included_from;
}

void Diagnostics::keep(SourceRange range) {
  if (range.file != nullptr) add_file(range.file->shared_from_this());
}

void Diagnostics::sort() {
  struct Key {
    std::size_t file;  // 0 for none
    std::uint32_t begin;
    std::size_t index;  // those of one place keep their order
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> keys;
  keys.reserve(diagnostics_.size());
  for (const Diagnostic& d : diagnostics_) {
    const std::size_t file = d.range.file == nullptr ? 0 : find_file(d.range.file) + 1;
    keys.push_back({file, d.range.begin, keys.size()});
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Diagnostic> sorted;
  sorted.reserve(keys.size());
  for (const Key& key : keys) sorted.push_back(std::move(diagnostics_[key.index]));
  diagnostics_ = std::move(sorted);
}

IdlErrorDetail::IdlErrorDetail(Diagnostics found)
    : ErrorDetail(render_text(found)), diagnostics(std::move(found)) {}

void IdlErrorDetail::raise(const Failure& failure) const {
  throw IdlError(failure);
}

IdlError::IdlError(Diagnostics diagnostics)
    : Error(make_failure<IdlErrorDetail>(std::move(diagnostics))) {}

IdlError::~IdlError() = default;

}  // namespace thrift
