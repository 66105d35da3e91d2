#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/read.hpp>
#include <vector>

#include "json/reader.hpp"

namespace thrift {
namespace {

/// The whole of `text` as a decimal integer.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// The doubles that JSON has no number for.
std::optional<double> parse_special(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

/// The whole of `text` as a double, as it stands in a map's key.
std::optional<double> parse_double(std::string_view text) {
  if (const auto special = parse_special(text)) return special;
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  // from_chars knows "inf" and "nan" too, which are not ours.
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string shown(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return "`" + out + "`";
}

void read_integer(CellWriter& w, JsonNode node) {
  if (const auto value = node.as_int64()) return w.integer(*value);
  w.fail(node.describe() + " does not fit `" + std::string(w.type().name()) + "`");
}

/// Which fields of a struct have been named. Most structs are small: one word, no allocation.
class SeenFields {
 public:
  explicit SeenFields(std::size_t count) : rest_(count > 64 ? count - 64 : 0) {}
  /// Whether the field was there before.
  bool insert(std::size_t index) {
    if (index >= 64) {
      const bool before = rest_[index - 64];
      rest_[index - 64] = true;
      return before;
    }
    const std::uint64_t bit = std::uint64_t{1} << index;
    const bool before = (first_ & bit) != 0;
    first_ |= bit;
    return before;
  }

 private:
  std::uint64_t first_ = 0;
  std::vector<bool> rest_;
};

}  // namespace

void JsonReader::read(CellWriter& w, JsonNode node) const {
  switch (w.type().kind()) {
    case TypeKind::void_:
      if (node.is_null()) return;
      break;
    case TypeKind::bool_:
      if (node.kind() == JsonKind::boolean) return w.boolean(node.boolean());
      break;
    case TypeKind::i64:
      if (node.is_string()) {
        if (const auto value = parse_integer(node.text())) return w.integer(*value);
      }
      [[fallthrough]];
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
      if (node.kind() == JsonKind::integer) return read_integer(w, node);
      break;
    case TypeKind::double_:
      if (node.kind() == JsonKind::integer || node.kind() == JsonKind::number) {
        return w.number(node.as_double());
      }
      if (node.is_string()) {
        if (const auto value = parse_special(node.text())) return w.number(*value);
      }
      break;
    case TypeKind::string:
    case TypeKind::binary: return read_string(w, node);
    case TypeKind::uuid:
      if (node.is_string()) return w.text(node.text());
      break;
    case TypeKind::enum_:
      if (node.is_string()) return w.text(node.text());
      if (node.kind() == JsonKind::integer) return read_integer(w, node);
      break;
    case TypeKind::list:
    case TypeKind::set: return read_list(w, node);
    case TypeKind::map: return read_map(w, node);
    case TypeKind::struct_:
    case TypeKind::union_:
    case TypeKind::exception: return read_struct(w, node);
  }
  w.reject(node.describe());
}

void JsonReader::read_string(CellWriter& w, JsonNode node) const {
  if (node.is_string()) {
    const bool base64 =
        w.type().kind() == TypeKind::binary && options_.binary == JsonOptions::Binary::base64;
    return base64 ? read_bytes(w, node.text()) : w.text(node.text());
  }
  if (node.is_object() && node.size() == 1) {
    const auto member = node.begin();
    if (member.name() == "base64" && (*member).is_string()) return read_bytes(w, (*member).text());
  }
  w.reject(node.describe());
}

void JsonReader::read_bytes(CellWriter& w, std::string_view base64) const {
  const std::optional<std::string> bytes = from_base64(base64);
  if (!bytes) w.fail(shown(base64.substr(0, 40)) + " is not base64");
  w.text(*bytes);
}

void JsonReader::read_list(CellWriter& w, JsonNode node) const {
  if (!node.is_array()) w.reject(node.describe());
  w.begin_list(node.size());
  std::size_t i = 0;
  for (const JsonNode element : node) {
    w.element(i++, [&](CellWriter inner) { read(inner, element); });
  }
  w.end_container();
}

void JsonReader::read_map(CellWriter& w, JsonNode node) const {
  if (node.kind() < JsonKind::array) w.reject(node.describe());
  w.begin_map(node.size());
  for (auto i = node.begin(); i != node.end(); ++i) {
    const JsonNode entry = *i;
    if (node.is_object()) {
      w.entry([&](CellWriter key) { read_key(key, i.name()); },
              [&](CellWriter value) { read(value, entry); });
      continue;
    }
    if (!entry.is_array() || entry.size() != 2) {
      w.fail("a map is an object or an array of [key, value] pairs; got " + entry.describe() +
             " in it");
    }
    auto part = entry.begin();
    w.entry([&](CellWriter key) { read(key, *part); },
            [&](CellWriter value) { read(value, *++part); });
  }
  w.end_container();
}

void JsonReader::read_key(CellWriter& w, std::string_view name) const {
  switch (w.type().kind()) {
    case TypeKind::bool_:
      if (name == "true" || name == "false") return w.boolean(name == "true");
      break;
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
    case TypeKind::i64:
      if (const auto value = parse_integer(name)) return w.integer(*value);
      break;
    case TypeKind::double_:
      if (const auto value = parse_double(name)) return w.number(*value);
      break;
    case TypeKind::binary:
      return options_.binary == JsonOptions::Binary::base64 ? read_bytes(w, name) : w.text(name);
    case TypeKind::enum_:
      if (const auto value = parse_integer(name)) return w.integer(*value);
      return w.text(name);
    case TypeKind::string:
    case TypeKind::uuid: return w.text(name);
    default:
      w.fail("keys of type `" + std::string(w.type().name()) +
             "` are no names of a JSON object: write the map as an array of [key, value] pairs");
  }
  w.reject(shown(name));
}

void JsonReader::read_struct(CellWriter& w, JsonNode node) const {
  if (!node.is_object()) w.reject(node.describe());
  const StructType& type = w.type().as_struct();
  SeenFields seen(type.fields().size());
  w.begin_struct();
  for (auto i = node.begin(); i != node.end(); ++i) {
    const JsonNode member = *i;
    const auto write = [&](CellWriter inner) { read(inner, member); };
    const Field* const field = type.find_field(i.name());
    if (field == nullptr) {
      if (!options_.skip_unknown_fields) w.field(i.name(), write);  // throws, with a near name
      continue;
    }
    if (seen.insert(field->index()))
      w.fail("field `" + std::string(i.name()) + "` stands there twice");
    if (!member.is_null()) w.field(*field, write);
  }
  w.end_struct(options_.set_defaults);
}

Value JsonReader::read(JsonNode node, const Type& type, const BuildPath& path) const {
  const std::size_t budget = options_.max_memory != 0
                                 ? options_.max_memory
                                 : std::size_t{64} * 1024 + 32 * node.document_size();
  auto arena = std::make_unique<Arena>();
  arena->set_budget(budget);
  std::byte* cell = nullptr;
  try {
    const SlotLayout& slot = type.slot();
    cell = static_cast<std::byte*>(arena->allocate(slot.cell_size, slot.cell_align));
    if (slot.cell_size != 0) std::memset(cell, 0, slot.cell_size);
    CellWriter writer(type, cell, *arena, path);
    read(writer, node);
  } catch (const std::bad_alloc&) {
    throw TypeError("the value takes more than " + std::to_string(budget) + " bytes of memory");
  }
  arena->set_budget(std::numeric_limits<std::size_t>::max());
  return Value::adopt(std::move(arena), type, cell);
}

Value from_json(JsonNode node, const Type& type, const FromJsonOptions& options) {
  return JsonReader(options).read(node, type, BuildPath{});
}

Value from_json(std::string_view text, const Type& type, const FromJsonOptions& options) {
  const JsonDocument document(text);
  return from_json(document.root(), type, options);
}

Result<Value> try_from_json(std::string_view text, const Type& type,
                            const FromJsonOptions& options) {
  try {
    return from_json(text, type, options);
  } catch (const TypeError& error) {
    return error.failure();
  }
}

}  // namespace thrift
