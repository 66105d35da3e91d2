#include "argument_words.hpp"

#include <cctype>
#include <set>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/base/near_name.hpp>

#include "command.hpp"
#include "data.hpp"

namespace thrift::command {
namespace {

struct Word {
  std::string name;
  std::string value;
  bool json = false;  // name:=value
  bool file = false;  // the value came out of a file
};

std::optional<Word> parse_word(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  Word word;
  word.json = text[equals - 1] == ':';
  word.name = text.substr(0, word.json ? equals - 1 : equals);
  word.value = text.substr(equals + 1);
  if (word.name.empty()) return std::nullopt;
  if (!word.json && word.value.starts_with('@')) {
    word.file = true;
    word.value = read_argument(word.value);
  }
  return word;
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         (text.front() == '-' || std::isdigit(static_cast<unsigned char>(text.front())) != 0);
}

/// JSON text for a word's value.
std::string json_of(const Word& word, const Type& type) {
  if (word.json) return word.value;
  const auto quoted = [&word] {
    std::string out;
    append_json_string(out, word.value);
    return out;
  };
  switch (type.kind()) {
    case TypeKind::uuid:
    case TypeKind::binary: return quoted();
    case TypeKind::enum_:
    case TypeKind::double_:  // NaN, Infinity
      return is_number(word.value) && word.value != "-Infinity" ? word.value : quoted();
    default: return word.value;
  }
}

/// The word's name, or what its path begins with, is an argument.
void check_name(const Word& word, const Function& function) {
  const std::string_view name =
      std::string_view(word.name).substr(0, word.name.find_first_of(".[{"));
  if (function.arguments().find_field(name) != nullptr) return;
  std::vector<std::string_view> names;
  for (const Field& field : function.arguments().fields()) names.push_back(field.name());
  throw TypeError("`" + std::string(function.name()) + "` has no argument `" + std::string(name) +
                  "`" + did_you_mean(name, names));
}

void set(Value& arguments, const Word& word, const FromJsonOptions& options) {
  const ValueRef place = arguments.path(word.name);
  const TypeKind kind = place.type().kind();
  const bool bytes = kind == TypeKind::string || (kind == TypeKind::binary && word.file);
  if (bytes && !word.json) {
    place = word.value;  // as they are, be they UTF-8 or not
    return;
  }
  try {
    place = from_json(json_of(word, place.type()), place.type(), options);
  } catch (const TypeError& error) {
    const bool index = error.path().starts_with('[');
    throw TypeError(word.name + (error.path().empty() || index ? "" : ".") + error.path(),
                    error.problem(), error.expected(), error.got());
  }
}

}  // namespace

Value read_arguments(const std::vector<std::string>& words, const Function& function,
                     const FromJsonOptions& options) {
  const StructType& type = function.arguments();
  if (words.size() == 1 && (words[0].starts_with('@') || words[0].starts_with('{'))) {
    return from_json(read_argument(words[0]), type, options);
  }
  Value arguments(type);
  std::set<std::string> names;
  for (const std::string& text : words) {
    const std::optional<Word> word = parse_word(text);
    if (!word) {
      throw UsageError("`" + text +
                       "` is no argument; one is name=value, or all are a JSON object");
    }
    check_name(*word, function);
    if (!names.insert(word->name).second) throw UsageError("`" + word->name + "` is given twice");
    set(arguments, *word, options);
  }
  return arguments;
}

}  // namespace thrift::command
