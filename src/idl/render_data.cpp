// Diagnostics for programs: JSON, and the workflow commands of GitHub's actions.

#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/idl/diagnostic.hpp>

#include "idl/utf8.hpp"

namespace thrift {
namespace {

SourcePosition end_of(SourceRange range) {
  return range.file->position(range.end);
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key).string(utf8::to_valid(text));
}

void write_place(JsonWriter& json, SourceRange range) {
  if (!range) return;
  const SourcePosition from = range.start();
  const SourcePosition to = end_of(range);
  write_text(json, "file", range.file->name());
  json.key("line").unsigned_integer(from.line);
  json.key("column").unsigned_integer(from.column);
  json.key("end_line").unsigned_integer(to.line);
  json.key("end_column").unsigned_integer(to.column);
  json.key("offset").unsigned_integer(range.begin);
  json.key("length").unsigned_integer(range.end - range.begin);
}

void write_chain(JsonWriter& json, const Diagnostics& all, const SourceFile* file) {
  SourceRange from = all.included_from(file);
  if (!from) return;
  json.key("included_from").begin_array();
  for (int i = 0; from && i < 64; ++i, from = all.included_from(from.file)) {
    json.begin_object();
    write_place(json, from);
    json.end_object();
  }
  json.end_array();
}

void write_diagnostic(JsonWriter& json, const Diagnostics& all, const Diagnostic& d) {
  json.begin_object();
  json.key("severity").string(to_string(d.severity));
  json.key("id").string(d.id);
  write_text(json, "message", d.message);
  write_place(json, d.range);
  if (!d.suggestion.empty()) write_text(json, "suggestion", d.suggestion);
  if (!d.notes.empty()) {
    json.key("notes").begin_array();
    for (const DiagnosticNote& note : d.notes) {
      json.begin_object();
      write_text(json, "message", note.message);
      write_place(json, note.range);
      json.end_object();
    }
    json.end_array();
  }
  if (d.range) write_chain(json, all, d.range.file);
  json.end_object();
}

/// What a workflow command would take for its own punctuation is written as %XX.
void append_escaped(std::string& out, std::string_view text, bool property) {
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
}

void append_number(std::string& out, std::string_view key, std::uint32_t value) {
  out.append(",").append(key).append("=").append(std::to_string(value));
}

}  // namespace

std::string render_json(const Diagnostics& diagnostics, int indent) {
  std::string out;
  JsonWriter json(out, indent);
  json.begin_array();
  for (const Diagnostic& d : diagnostics.all()) write_diagnostic(json, diagnostics, d);
  json.end_array();
  out += '\n';
  return out;
}

std::string render_github(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) {
    out += "::";
    out += d.severity == Severity::note ? "notice" : to_string(d.severity);
    out += ' ';
    if (d.range) {
      const SourcePosition from = d.range.start();
      const SourcePosition to = end_of(d.range);
      out += "file=";
      append_escaped(out, d.range.file->name(), true);
      append_number(out, "line", from.line);
      if (to.line != from.line) append_number(out, "endLine", to.line);
      append_number(out, "col", from.column);
      // Of a range over several lines there is no end column to show.
      if (to.line == from.line) append_number(out, "endColumn", to.column);
      out += ',';
    }
    out += "title=";
    append_escaped(out, d.id, true);
    out += "::";
    append_escaped(out, d.message, false);
    if (!d.suggestion.empty()) {
      append_escaped(out, "; did you mean `" + d.suggestion + "`?", false);
    }
    for (const DiagnosticNote& note : d.notes) {
      append_escaped(out, "\n" + note.message, false);
      if (note.range) {
        const SourcePosition at = note.range.start();
        append_escaped(out,
                       " (" + note.range.file->name() + ":" + std::to_string(at.line) + ":" +
                           std::to_string(at.column) + ")",
                       false);
      }
    }
    out += '\n';
  }
  return out;
}

}  // namespace thrift
