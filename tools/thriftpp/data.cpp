#include "data.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <system_error>
#include <thriftpp/base/json_writer.hpp>

#include "command.hpp"

namespace thrift::command {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;  // bytes asked of a file at once

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') out += c;
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) throw std::runtime_error("an odd number of hexadecimal digits");
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_digit(digits[i]);
    const int low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) {
      throw std::runtime_error("`" + std::string(digits.substr(i, 2)) + "` is no hexadecimal byte");
    }
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

bool read_some_stdin(Buffer& out) {
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, out.prepare(piece), piece);
    if (n >= 0) {
      out.commit(static_cast<std::size_t>(n));
      return n > 0;
    }
    if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "cannot read standard input");
    }
  }
}

Buffer read_stdin() {
  Buffer out;
  while (read_some_stdin(out)) {
  }
  return out;
}

std::string read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  const auto fail = [&path] {
    throw std::runtime_error("cannot read `" + path + "`: " + std::strerror(errno));
  };
  if (!file) fail();
  std::string out;
  std::string some(piece, '\0');
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), file.get())) {
    out.append(some, 0, n);
  }
  if (std::ferror(file.get()) != 0) fail();
  return out;
}

std::string read_argument(const std::string& argument) {
  if (argument == "@-") return std::string(read_stdin().text());
  if (argument.starts_with('@')) return read_file(argument.substr(1));
  return argument;
}

Headers read_headers(const std::vector<std::string>& headers) {
  Headers out;
  for (const std::string& header : headers) {
    const std::size_t colon = header.find(':');
    if (colon == std::string::npos || colon == 0) {
      throw UsageError("`" + header + "` is no header like `name: value`");
    }
    const std::size_t value = header.find_first_not_of(' ', colon + 1);
    out.emplace_back(header.substr(0, colon),
                     value == std::string::npos ? "" : header.substr(value));
  }
  return out;
}

Buffer from_format(Buffer&& text, Format format) {
  if (format == Format::raw) return std::move(text);
  const std::string digits = without_blanks(text.text());
  Buffer out;
  if (format == Format::hex) {
    out.append(from_hex(digits));
  } else {
    const std::optional<std::string> bytes = from_base64(digits);
    if (!bytes) throw std::runtime_error("standard input is not base64");
    out.append(*bytes);
  }
  return out;
}

std::string to_format(std::span<const std::byte> bytes, Format format) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (format) {
    case Format::raw: break;
    case Format::hex: return to_hex(text) + '\n';
    case Format::base64: return to_base64(text) + '\n';
  }
  return std::string(text);
}

CLI::Option* add_words(CLI::App& app, const std::string& name, std::vector<std::string> words,
                       std::size_t standing, std::function<void(std::size_t)> choose,
                       const std::string& help) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : "|").append(word);
  const std::string first = standing < words.size() ? words[standing] : "";
  const auto take = [name, all, words = std::move(words),
                     choose = std::move(choose)](const std::vector<std::string>& given) {
    const auto found = std::ranges::find(words, given.back());
    if (found == words.end()) {
      throw CLI::ValidationError(name, "`" + given.back() + "` is none of " + all);
    }
    choose(static_cast<std::size_t>(found - words.begin()));
    return true;
  };
  return app.add_option(name, take, help)->type_name(all)->default_str(first);
}

void add_format(CLI::App& app, Format& format) {
  add_choice<Format>(app, "--format", format,
                     {{"raw", Format::raw}, {"hex", Format::hex}, {"base64", Format::base64}},
                     "How the bytes are written");
}

void ProtocolArgument::add_to(CLI::App& app) {
  add_choice<ProtocolId>(app, "--protocol", protocol,
                         {{"binary", ProtocolId::binary},
                          {"compact", ProtocolId::compact},
                          {"json", ProtocolId::json}},
                         "Protocol of the bytes");
}

ProtocolId ProtocolArgument::id() const {
  try {
    (void)encode(protocol, Value(base_type(TypeKind::bool_), true));
    return protocol;
  } catch (const ProtocolError&) {
    throw UsageError("protocol `" + std::string(to_string(protocol)) +
                     "` is not supported by this version");
  }
}

void add_duration(CLI::App& app, const std::string& name, Milliseconds& value,
                  const std::string& help) {
  app.add_option_function<std::string>(
         name,
         [&value, name](const std::string& text) {
           static const std::map<std::string, double> units{{"ms", 1}, {"s", 1e3}, {"min", 6e4}};
           double number = 0;
           const char* const end = text.data() + text.size();
           const auto [stop, error] = std::from_chars(text.data(), end, number);
           const auto unit = units.find(std::string(stop, end));
           // A day is more than anybody waits for; the bound keeps the sum representable.
           if (error != std::errc() || unit == units.end() || !(number >= 0) ||
               number * unit->second > 86'400'000) {
             throw UsageError(name + ": `" + text + "` is no time; one is 500ms, 2s or 1min");
           }
           value = std::chrono::milliseconds(std::llround(number * unit->second));
         },
         help)
      ->type_name("TIME");
}

void JsonArguments::add_indent_to(CLI::App& app) {
  add(app, "indent");
}

void JsonArguments::add_to(CLI::App& app) {
  for (const std::string_view name : {"enums", "maps", "int64", "binary", "defaults"}) {
    add(app, name);
  }
}

void JsonArguments::add(CLI::App& app, std::string_view name) {
  const JsonOption& option = *std::ranges::find(json_options(), name, &JsonOption::name);
  const auto standing = std::ranges::find(option.values, option.get(write));
  add_words(
      app, "--" + std::string(name), {option.values.begin(), option.values.end()},
      static_cast<std::size_t>(standing - option.values.begin()),
      [this, &option](std::size_t i) { option.set(write, option.values[i]); },
      std::string(option.docs))
      ->group("JSON");
}

}  // namespace thrift::command
