#pragma once

// What goes in and out of the command: data arguments, standard input, bytes as text, JSON options.

#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/transport/headers.hpp>
#include <vector>

namespace thrift::command {

/// An argument as curl reads it: `@file` and `@-` (standard input) are read, anything else is
/// itself. Throws std::runtime_error where the file cannot be read.
[[nodiscard]] std::string read_argument(const std::string& argument);
[[nodiscard]] std::string read_file(const std::string& path);
/// All of standard input.
[[nodiscard]] Buffer read_stdin();
/// Reads what is there of standard input, and appends it; false at its end.
[[nodiscard]] bool read_some_stdin(Buffer& out);

/// What `--header NAME:VALUE` says. Throws UsageError.
[[nodiscard]] Headers read_headers(const std::vector<std::string>& headers);

/// An option that takes one of some words. `value` holds what stands there without it.
template <class E>
void add_choice(CLI::App& app, const std::string& name, E& value,
                std::initializer_list<std::pair<const char*, E>> choices, const std::string& help) {
  std::string words;
  std::string first;
  for (const auto& [word, meaning] : choices) {
    words += (words.empty() ? "" : "|") + std::string(word);
    if (meaning == value) first = word;
  }
  const std::vector<std::pair<const char*, E>> all(choices);
  const auto choose = [&value, all, words, name](const std::vector<std::string>& given) {
    for (const auto& [word, meaning] : all) {
      if (word != given.back()) continue;
      value = meaning;
      return true;
    }
    throw CLI::ValidationError(name, "`" + given.back() + "` is none of " + words);
  };
  app.add_option(name, choose, help)->type_name(words)->default_str(first);
}

/// How bytes stand in a text.
enum class Format { raw, hex, base64 };
/// The bytes that `text` means; hexadecimal digits and base64 may have blanks and line ends in
/// them. Throws std::runtime_error where it means none.
[[nodiscard]] Buffer from_format(Buffer&& text, Format format);
/// The bytes as text, with a line end unless they are raw.
[[nodiscard]] std::string to_format(std::span<const std::byte> bytes, Format format);

/// `--format raw|hex|base64`
void add_format(CLI::App& app, Format& format);

/// `--protocol`
struct ProtocolArgument {
  ProtocolId protocol = ProtocolId::binary;
  void add_to(CLI::App& app);
  /// Throws UsageError for one that this version does not speak.
  [[nodiscard]] ProtocolId id() const;
};

/// A length of time on the command line; nothing where none is given.
using Milliseconds = std::optional<std::chrono::milliseconds>;
/// `NAME 500ms`, `2s`, `1min`
void add_duration(CLI::App& app, const std::string& name, Milliseconds& value,
                  const std::string& help);

/// The options of plain JSON, the same words as the library's.
struct JsonArguments {
  JsonOptions write;
  void add_to(CLI::App& app);
  void add_indent_to(CLI::App& app);
  [[nodiscard]] FromJsonOptions read() const { return {.binary = write.binary}; }
};

}  // namespace thrift::command
