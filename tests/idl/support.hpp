#pragma once

// What the tests of this layer share: parsing a text, and the real files of ../shared/corpus.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thriftpp/idl/parser.hpp>
#include <vector>

#include "support/shared.hpp"

namespace thrift::test {

[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// A text, parsed.
struct Parsed {
  explicit Parsed(std::string text, const ParseLimits& limits = {}, std::string name = "m.thrift")
      : program(
            parse_idl(SourceFile::create(std::move(name), std::move(text)), diagnostics, limits)) {}

  /// "2:5 expected-name, 4:1 not-portable"
  [[nodiscard]] std::string ids() const {
    std::string out;
    for (const Diagnostic& d : diagnostics.all()) {
      const SourcePosition at = d.range.start();
      if (!out.empty()) out += ", ";
      out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + d.id;
    }
    return out;
  }
  template <class Definition>
  [[nodiscard]] const Definition& at(std::size_t index) const {
    return std::get<Definition>(program.definitions.at(index));
  }

  Diagnostics diagnostics;
  ast::Program program;
};

struct CorpusFile {
  std::string path;
  std::string want;  // accept, reject, either
  std::string text;
};

/// The files that MANIFEST.tsv lists. Empty where they are not there; then `test` is skipped.
[[nodiscard]] inline std::vector<CorpusFile> corpus(const std::string& test) {
  std::vector<CorpusFile> files;
  const auto folder = shared(test, "corpus");
  if (!folder) return files;
  std::istringstream manifest(read_file(*folder / "MANIFEST.tsv"));
  std::string line;
  std::getline(manifest, line);  // the heads of the columns
  while (std::getline(manifest, line)) {
    std::istringstream columns(line);
    CorpusFile file;
    std::string include_dirs;
    std::getline(columns, file.path, '\t');
    std::getline(columns, include_dirs, '\t');
    std::getline(columns, file.want, '\t');
    file.text = read_file(*folder / "files" / file.path);
    files.push_back(std::move(file));
  }
  return files;
}

[[nodiscard]] inline std::string with_crlf(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

[[nodiscard]] inline std::string with_byte_order_mark(const std::string& text) {
  return text.starts_with("\xEF\xBB\xBF") ? text : "\xEF\xBB\xBF" + text;
}

/// A comment between any two tokens, as ../shared/idl_check.py puts them.
[[nodiscard]] inline std::string with_comments(const std::string& text) {
  const auto token_end = [&](std::size_t at) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto run = [&](auto belongs) {
      std::size_t n = 1;
      while (n < rest.size() && belongs(rest[n])) ++n;
      return at + n;
    };
    if (rest.starts_with("/*") && rest.find("*/", 2) != std::string_view::npos) {
      return at + rest.find("*/", 2) + 2;
    }
    if (rest.starts_with("//") || rest[0] == '#') {
      return at + std::min(rest.find('\n'), rest.size());
    }
    if (rest[0] == '"' || rest[0] == '\'') {
      for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '\\') {
          ++i;
        } else if (rest[i] == rest[0]) {
          return at + i + 1;
        }
      }
      return at + 1;
    }
    const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    const auto is_word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.' || c == '+' || c == '-';
    };
    if (is_word(rest[0])) return run(is_word);
    if (is_blank(rest[0])) return run(is_blank);
    return at + 1;
  };
  std::string out;
  bool comment_last = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = token_end(at);
    const std::string_view token = std::string_view(text).substr(at, end - at);
    if (token.find_first_not_of(" \t\n\v\f\r") != std::string_view::npos) {
      const bool comment =
          token.starts_with("/*") || token.starts_with("//") || token.starts_with("#");
      if (!comment && !comment_last) out += " /* c */ ";
      comment_last = comment;
    }
    out += token;
    at = end;
  }
  return out;
}

}  // namespace thrift::test
