#pragma once

// What goes in and out of the command: data arguments, standard input, bytes as text, JSON options.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/transport/headers.hpp>
#include <utility>
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

/// An option that takes one of some words: `choose` is told which, by its place. `standing` holds
/// without the option.
CLI::Option* add_words(CLI::App& app, const std::string& name, std::vector<std::string> words,
                       std::size_t standing, std::function<void(std::size_t)> choose,
                       const std::string& help);

/// As above, for words with a meaning. `value` holds what stands there without the option.
template <class E>
void add_choice(CLI::App& app, const std::string& name, E& value,
                std::initializer_list<std::pair<const char*, E>> choices, const std::string& help) {
  std::vector<std::string> words;
  std::vector<E> meanings;
  for (const auto& [word, meaning] : choices) {
    words.emplace_back(word);
    meanings.push_back(meaning);
  }
  const auto standing = std::ranges::find(meanings, value) - meanings.begin();
  add_words(
      app, name, std::move(words), static_cast<std::size_t>(standing),
      [&value, meanings = std::move(meanings)](std::size_t i) { value = meanings[i]; }, help);
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

/// The options of plain JSON, with the library's words for them.
struct JsonArguments {
  JsonOptions write;
  void add_to(CLI::App& app);
  void add_indent_to(CLI::App& app);
  [[nodiscard]] FromJsonOptions read() const { return {.binary = write.binary}; }

 private:
  void add(CLI::App& app, std::string_view name);
};

}  // namespace thrift::command
