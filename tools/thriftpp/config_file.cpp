#include "config_file.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/json/document.hpp>
#include <vector>

#include "data.hpp"

namespace thrift::command {
namespace {

/// Options that make no sense in a file.
bool is_for_people(const std::string& name) {
  return name == "help" || name == "config" || name == "config_schema";
}

/// "max_body" of `--max-body`, and `positional` of what has no dashes.
std::string member_name(const CLI::Option& option, const std::string& positional) {
  if (option.get_lnames().empty()) return option.get_snames().empty() ? positional : std::string();
  std::string out = option.get_lnames().front();
  std::ranges::replace(out, '-', '_');
  return out;
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}
/// A length of time needs its unit.
bool is_text(const CLI::Option& option) {
  return option.get_type_name() == "TIME";
}
bool is_repeatable(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

std::string text_of(JsonNode node, const std::string& where) {
  switch (node.kind()) {
    case JsonKind::string: return std::string(node.text());
    case JsonKind::boolean: return node.boolean() ? "true" : "false";
    case JsonKind::integer:
      if (const auto value = node.as_int64()) return std::to_string(*value);
      break;
    case JsonKind::number: {
      const double number = node.as_double();
      if (std::abs(number) < 1e15 && number == std::trunc(number)) {  // 1e6 is an integer, too
        return std::to_string(static_cast<std::int64_t>(number));
      }
      std::string out;
      append_json_number(out, number);
      return out;
    }
    default: break;
  }
  throw std::runtime_error(where + ": expected text or a number, got " + node.describe());
}

std::vector<std::string> texts_of(JsonNode node, const std::string& where) {
  std::vector<std::string> out;
  if (node.is_array()) {
    for (const JsonNode element : node) out.push_back(text_of(element, where));
  } else if (node.is_object()) {
    for (auto i = node.begin(); i != node.end(); ++i) {
      const std::string name(i.name());
      for (const std::string& text : texts_of(*i, where + "." + name)) {
        out.push_back(name + "=" + text);
      }
    }
  } else {
    out.push_back(text_of(node, where));
  }
  return out;
}

}  // namespace

void apply_config(CLI::App& verb, const std::string& file, const std::string& positional) {
  const JsonDocument document = [&] {
    try {
      return JsonDocument(read_file(file));
    } catch (const Error& e) {
      throw std::runtime_error(file + ": " + e.what());
    }
  }();
  if (!document.root().is_object()) {
    throw std::runtime_error(file + ": expected an object, got " + document.root().describe());
  }
  std::vector<std::string> names;
  const auto options = verb.get_options();
  for (const CLI::Option* const option : options) {
    names.push_back(member_name(*option, positional));
  }
  for (auto i = document.root().begin(); i != document.root().end(); ++i) {
    const std::string where = file + ": " + std::string(i.name());
    if (i.name() == "$schema") continue;
    const auto found = std::ranges::find(names, i.name());
    if (found == names.end() || is_for_people(*found)) {
      const std::vector<std::string_view> known(names.begin(), names.end());
      throw std::runtime_error(where + ": there is no such option" + did_you_mean(i.name(), known));
    }
    CLI::Option& option = *options[static_cast<std::size_t>(found - names.begin())];
    if (option.count() != 0 || (*i).is_null()) continue;
    const std::vector<std::string> texts = texts_of(*i, where);
    if (texts.size() > 1 && !is_repeatable(option)) {
      throw std::runtime_error(where + ": expected one value, got " + (*i).describe());
    }
    if (texts.empty()) continue;
    try {
      for (const std::string& text : texts) option.add_result(text);
      option.run_callback();
    } catch (const std::exception& e) {
      throw std::runtime_error(where + ": " + e.what());
    }
  }
}

std::string config_schema(const CLI::App& verb, const std::string& positional,
                          const std::string& title) {
  std::string out;
  JsonWriter w(out, 2);
  const auto scalar = [&] {
    w.key("type").begin_array().string("string").string("number").end_array();
  };
  w.begin_object();
  w.key("$schema").string("https://json-schema.org/draft/2020-12/schema");
  w.key("title").string(title);
  w.key("type").string("object");
  w.key("additionalProperties").boolean(false);
  w.key("properties").begin_object();
  w.key("$schema").begin_object().key("type").string("string").end_object();
  for (const CLI::Option* const option : verb.get_options()) {
    const std::string name = member_name(*option, positional);
    if (name.empty() || is_for_people(name)) continue;
    w.key(name).begin_object();
    w.key("description").string(option->get_description());
    if (is_flag(*option)) {
      w.key("type").string("boolean");
    } else if (is_repeatable(*option)) {
      w.key("anyOf").begin_array();
      w.begin_object();
      scalar();
      w.end_object();
      w.begin_object().key("type").string("array").key("items").begin_object();
      scalar();
      w.end_object().end_object();
      w.begin_object().key("type").string("object").end_object();
      w.end_array();
    } else if (is_text(*option)) {
      w.key("type").string("string");
    } else {
      scalar();
    }
    w.end_object();
  }
  w.end_object().end_object();
  out += '\n';
  return out;
}

}  // namespace thrift::command
