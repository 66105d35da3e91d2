#include <algorithm>
#include <thriftpp/idl/diagnostic.hpp>

#include "idl/utf8.hpp"

namespace thrift {
namespace {

/// One line of source as a terminal shows it: tabs are blanks, what is not text is U+FFFD, and
/// each byte knows the column it is shown at.
struct ShownLine {
  std::string text;
  std::vector<std::size_t> byte_of_column;  // text offset of each column
  std::size_t mark_begin = 0;               // columns of what is underlined
  std::size_t mark_end = 0;
};

/// `begin` and `end` are the bytes of `line` to underline. Of a long line only `window` bytes
/// around `begin` are looked at at all.
ShownLine show_line(std::string_view line, std::size_t begin, std::size_t end, std::size_t tab) {
  ShownLine shown;
  const auto put = [&](std::string_view text, std::size_t columns) {
    for (std::size_t i = 0; i < columns; ++i) shown.byte_of_column.push_back(shown.text.size());
    utf8::append_printable(shown.text, text);
  };
  for (std::size_t i = 0; i < line.size();) {
    if (i <= begin) shown.mark_begin = shown.byte_of_column.size();
    const utf8::CodePoint c = utf8::decode(line, i);
    if (c.value == '\t') {
      const std::size_t blanks = tab - shown.byte_of_column.size() % tab;
      for (std::size_t n = 0; n < blanks; ++n) put(" ", 1);
    } else {
      put(line.substr(i, c.length), static_cast<std::size_t>(utf8::width(c.value)));
    }
    i += c.length;
    if (i <= end) shown.mark_end = shown.byte_of_column.size();
  }
  if (begin >= line.size()) shown.mark_begin = shown.byte_of_column.size();
  shown.mark_end = std::max(shown.mark_end, shown.mark_begin + 1);
  return shown;
}

class TextRenderer {
 public:
  TextRenderer(std::string& out, const TextStyle& style) : out_(out), style_(style) {}

  void show(const Diagnostic& d) {
    std::string message = d.message;
    if (!d.suggestion.empty()) message += "; did you mean `" + d.suggestion + "`?";
    show_line_of(d.severity, d.range, message, d.id);
    for (const DiagnosticNote& note : d.notes) {
      show_line_of(Severity::note, note.range, note.message, {});
    }
  }

  /// "in file included from b.thrift:3:1", from the inside out.
  void show_chain(const Diagnostics& all, const SourceFile* file) {
    // A chain is as long as includes are deep, which the loader limits; two files that claim to
    // include each other must not keep us here for ever all the same.
    constexpr int longest = 64;
    SourceRange from = all.included_from(file);
    for (int i = 0; from && i < longest; ++i, from = all.included_from(from.file)) {
      colour(bold);
      out_ += i == 0 ? "in file included from " : "                 from ";
      place(from);
      colour(plain);
      out_ += '\n';
    }
  }

 private:
  static constexpr std::string_view plain = "\x1b[0m", bold = "\x1b[1m", red = "\x1b[1;31m",
                                    magenta = "\x1b[1;35m", cyan = "\x1b[1;36m",
                                    green = "\x1b[1;32m";

  static std::string_view colour_of(Severity severity) {
    switch (severity) {
      case Severity::note: return cyan;
      case Severity::warning: return magenta;
      case Severity::error: return red;
    }
    return red;
  }

  void colour(std::string_view code) {
    if (style_.colour) out_ += code;
  }

  void place(SourceRange range) {
    const SourcePosition at = range.start();
    utf8::append_printable(out_, range.file->name());
    out_ += ':';
    out_ += std::to_string(at.line);
    out_ += ':';
    out_ += std::to_string(at.column);
  }

  void show_line_of(Severity severity, SourceRange range, std::string_view message,
                    std::string_view id) {
    if (range) {
      colour(bold);
      place(range);
      out_ += ": ";
      colour(plain);
    }
    colour(colour_of(severity));
    out_ += to_string(severity);
    out_ += ": ";
    colour(plain);
    colour(bold);
    utf8::append_printable(out_, message);
    colour(plain);
    if (!id.empty()) out_.append(" [").append(id).append("]");
    out_ += '\n';
    if (range && style_.source) show_source(severity, range);
  }

  void show_source(Severity severity, SourceRange range) {
    // Of a very long line (generated, hostile) only the part around the mark is shown; cutting it
    // by bytes first keeps the work small.
    const std::size_t window = std::max<std::size_t>(1024, std::size_t{style_.max_width} * 8);
    const SourcePosition at = range.start();
    std::string_view line = range.file->line(at.line);
    std::size_t begin = range.begin - std::min(range.begin, range.file->line_begin(at.line));
    bool cut_front = false;
    if (begin > window) {
      std::size_t from = begin - window;
      while (from < begin && (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80) ++from;
      line.remove_prefix(from);
      begin -= from;
      cut_front = true;
    }
    const std::size_t end = begin + (range.end - range.begin);
    bool cut_back = line.size() > begin + window;
    if (cut_back) line = line.substr(0, begin + window);

    ShownLine shown =
        show_line(line, begin, std::min(end, line.size()), std::max(style_.tab_width, 1u));
    const std::size_t limit = std::max<std::size_t>(style_.max_width, 20);
    std::size_t first = 0;
    std::size_t last = shown.byte_of_column.size();
    if (last > limit) {
      if (shown.mark_begin > limit * 2 / 3) first = shown.mark_begin - limit / 2;
      cut_back = cut_back || last - first > limit;
      last = std::min(last, first + limit);
      cut_front = cut_front || first != 0;
    }
    const std::size_t from_byte =
        first < shown.byte_of_column.size() ? shown.byte_of_column[first] : shown.text.size();
    const std::size_t to_byte =
        last < shown.byte_of_column.size() ? shown.byte_of_column[last] : shown.text.size();

    std::string gutter = std::to_string(at.line);
    if (gutter.size() < 5) gutter.insert(0, 5 - gutter.size(), ' ');
    out_.append(gutter).append(" | ");
    if (cut_front) out_ += "...";
    out_.append(shown.text, from_byte, to_byte - from_byte);
    if (cut_back) out_ += "...";
    out_ += '\n';
    out_.append(gutter.size(), ' ').append(" | ");
    out_.append(shown.mark_begin - first + (cut_front ? 3 : 0), ' ');
    colour(severity == Severity::note ? colour_of(severity) : green);
    out_ += '^';
    const std::size_t mark_end = std::min(shown.mark_end, std::max(last, shown.mark_begin + 1));
    out_.append(mark_end - shown.mark_begin - 1, '~');
    colour(plain);
    out_ += '\n';
  }

  std::string& out_;
  const TextStyle& style_;
};

}  // namespace

std::string render_text(const Diagnostics& diagnostics, const TextStyle& style) {
  std::string out;
  TextRenderer renderer(out, style);
  const SourceFile* file = nullptr;
  for (const Diagnostic& d : diagnostics.all()) {
    if (d.range.file != nullptr && d.range.file != file) {
      file = d.range.file;
      renderer.show_chain(diagnostics, file);
    }
    renderer.show(d);
  }
  if (diagnostics.full()) {
    out += "no more than " + std::to_string(diagnostics.options().max_errors) +
           (diagnostics.options().max_errors == 1 ? " error is shown\n" : " errors are shown\n");
  }
  return out;
}

std::string render_text(const Diagnostic& diagnostic, const TextStyle& style) {
  std::string out;
  TextRenderer(out, style).show(diagnostic);
  return out;
}

}  // namespace thrift
