// Finding and changing places of values that lie as bytes, against the same done with values. The
// first byte chooses protocol, options and whether the whole is a list or set, the second the path;
// the rest are the bytes.
//
// What has to hold: no crash, no read past the end; where the bytes decode, and have no oddity that
// is documented to differ (a field that comes twice, a union with several members), what is found
// is what the decoded value has there; what was set is found, and nothing else has changed; what
// was erased is gone.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/bytes_path.hpp>

using namespace thrift;

namespace {

constexpr const char* idl_text = R"(
enum Color { RED = 1, GREEN = 2 }
struct Inner { 1: required string key  2: optional i64 n  3: optional bool flag }
union Choice { 1: i32 number  2: string text  3: Inner inner  4: bool flag }
struct Root {
  1: optional bool flag
  2: optional i8 tiny
  3: optional i16 small
  4: optional i32 number
  5: optional i64 big
  6: optional double real
  7: optional string text
  8: optional uuid id
  9: optional Color color
  10: optional Inner inner
  11: optional Choice choice
  12: optional list<bool> flags
  13: optional list<i32> numbers
  14: optional list<string> texts
  15: optional list<Inner> inners
  16: optional set<string> tags
  17: optional map<string, Inner> by_text
  18: optional map<i32, list<string>> by_number
  19: optional map<bool, double> by_flag
  20: optional list<list<i16>> matrix
  40: optional Root self
  1000: optional list<Root> children
}
)";

constexpr std::array paths{"",
                           "flag",
                           "tiny",
                           "small",
                           "number",
                           "big",
                           "real",
                           "text",
                           "id",
                           "color",
                           "inner",
                           "inner.key",
                           "inner.n",
                           "inner.flag",
                           "choice",
                           "choice.text",
                           "choice.flag",
                           "flags",
                           "flags[1]",
                           "numbers[0]",
                           "numbers[9]",
                           "texts",
                           "texts[1]",
                           "inners[0]",
                           "inners[1].flag",
                           "tags",

                           "by_text{\"a\"}",
                           "by_text{\"a\"}.n",
                           "by_number{1}",
                           "by_number{1}[0]",
                           "by_flag{true}",
                           "matrix[0]",
                           "matrix[0][1]",
                           "self",
                           "self.flag",
                           "self.self.number",
                           "children",
                           "children[0].text",
                           "children[1].children[0].inner.n"};

/// Lists and sets that are the whole value.
struct Container {
  const char* type;
  const char* path;
};
constexpr std::array containers{
    Container{"list<i32>", ""},    Container{"list<i32>", "[1]"},
    Container{"list<Inner>", ""},  Container{"list<Inner>", "[1].n"},
    Container{"set<string>", ""},  Container{"set<Inner>", ""},
    Container{"list<string>", ""}, Container{"list<list<bool>>", "[0]"}};

struct Compiled {
  Idl idl = loads(idl_text);
  const Type& root = idl.type("Root");
  std::vector<CompiledPath> compiled;
  std::vector<CompiledPath> of_containers;
  Compiled() {
    for (const char* path : paths) compiled.emplace_back(root, path);
    for (const auto& [type, path] : containers) of_containers.emplace_back(idl.type(type), path);
  }
};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// What decodes can be changed, but for the inside of a container whose header names other types
/// than the schema: what is written there would be read as those.
void require_changeable(bool decodes, const ProtocolError& error) {
  if (!decodes || std::strstr(error.what(), "whose header names other types") != nullptr) return;
  require(false, error.what());
}

/// Whether something below comes twice, or a union has not one member. Looks at every byte.
bool is_odd(const WireValue& value) {
  switch (value.type().kind()) {
    case TypeKind::struct_:
    case TypeKind::union_:
    case TypeKind::exception: {
      std::set<int> ids;
      for (const WireField& field : value.fields()) {
        if (field.field == nullptr) continue;
        if (!ids.insert(field.id).second || is_odd(field.value)) return true;
      }
      return value.type().is_union() && ids.size() != 1;
    }
    case TypeKind::list:
    case TypeKind::set:
      for (const WireValue& element : value.elements()) {
        if (is_odd(element)) return true;
      }
      return false;
    case TypeKind::map:
      for (const auto& [key, element] : value.entries()) {
        if (is_odd(element)) return true;
      }
      return false;
    default: return false;
  }
}

/// The decoded value at a path; nothing where one of the steps is not set or absent.
std::optional<ValueView> at(ValueView value, const CompiledPath& path) {
  for (const CompiledPath::Step& step : path.steps()) {
    std::optional<ValueView> next;
    switch (step.kind) {
      case CompiledPath::Step::Kind::field: {
        const Field& field = value.type().as_struct().fields()[step.field->index];
        if (value.has(field)) next = value[field];
        break;
      }
      case CompiledPath::Step::Kind::index: next = value.find(step.index); break;
      case CompiledPath::Step::Kind::key:
        next = value.find(ValueView(value.type().as_container().key(), step.key));
        break;
    }
    if (!next) return next;
    value = *next;
  }
  return value;
}

void check_change(ProtocolId protocol, std::span<const std::byte> bytes, const CompiledPath& path,
                  const char* text, const std::optional<Value>& before, bool there) {
  const DecodeOptions options;
  std::optional<Value> replacement;
  try {  // what is set must be whole
    switch (path.type().kind()) {
      case TypeKind::bool_: replacement.emplace(path.type(), true); break;
      case TypeKind::string: replacement.emplace(path.type(), "new"); break;
      case TypeKind::union_:
        replacement.emplace(path.type());
        (*replacement)["flag"] = true;
        break;
      case TypeKind::struct_:
        if (path.type().name() == "Inner") {
          replacement.emplace(path.type());
          (*replacement)["key"] = "k";
          (*replacement)["flag"] = false;
          break;
        }
        [[fallthrough]];
      default: replacement.emplace(path.type()); break;
    }
    const Buffer changed = set(protocol, bytes, path, *replacement);
    const auto found = find(protocol, changed, path);
    require(found.has_value() && found->decode() == *replacement, "what was set is found");
    if (before) {
      Value expected = *before;
      if (path.steps().empty()) {
        expected = *replacement;
      } else {
        expected.ref().path(text) = *replacement;
      }
      Arena arena;
      const auto after = try_decode_prefix(protocol, changed, path.root(), arena);
      require(after.has_value() && after->value == expected.view(), "nothing else has changed");
      require(changed.size() - after->consumed <= bytes.size(), "what is behind the value stays");
    }
  } catch (const TypeError&) {
    require(!there, "what is there can be set");
  } catch (const ProtocolError& error) {
    require_changeable(before.has_value(), error);
  }
  try {
    const Buffer erased = erase(protocol, bytes, path);
    if (before && !path.steps().empty() &&
        path.steps().back().kind != CompiledPath::Step::Kind::index) {
      require(!find(protocol, erased, path), "what was erased is gone");
    }
    Arena arena;
    if (before) {
      require(try_decode_prefix(protocol, erased, path.root(), arena).has_value(),
              "what is left decodes");
    }
  } catch (const TypeError&) {
  } catch (const ProtocolError& error) {
    require_changeable(before.has_value(), error);
  }
  try {
    const Type& type = path.type();
    const bool appends =
        (type.kind() == TypeKind::list || type.kind() == TypeKind::set) &&
        (path.steps().empty() || path.steps().back().kind == CompiledPath::Step::Kind::field);
    const Value element(appends ? type.as_container().element() : type);
    (void)insert(protocol, bytes, path, element, options);
  } catch (const TypeError&) {
  } catch (const ProtocolError& error) {
    require_changeable(before.has_value(), error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Compiled schema;
  if (size < 2) return 0;
  const ProtocolId protocol = (data[0] & 1) != 0 ? ProtocolId::compact : ProtocolId::binary;
  DecodeOptions options;
  if ((data[0] & 2) != 0) options.strictness.element_type = Reaction::error;
  if ((data[0] & 4) != 0) options.max_depth = 5;
  const bool is_container = (data[0] & 8) != 0;
  const std::size_t number = data[1] % (is_container ? containers.size() : paths.size());
  const CompiledPath& path = is_container ? schema.of_containers[number] : schema.compiled[number];
  const char* const text = is_container ? containers[number].path : paths[number];
  const std::span bytes(reinterpret_cast<const std::byte*>(data) + 2, size - 2);

  const auto found = try_find(protocol, bytes, path, options);
  Arena arena;
  const auto decoded = try_decode_prefix(protocol, bytes, path.root(), arena, options);
  std::optional<Value> before;
  bool there = false;
  if (decoded) {
    bool odd = true;
    try {
      odd = is_odd(WireValue(protocol, bytes.first(decoded->consumed), path.root(), options));
    } catch (const ProtocolError&) {
      require(false, "what decodes can be looked at");
    }
    if (!odd) {
      const auto wanted = at(decoded->value, path);
      require(found.has_value(), "what decodes can be looked into");
      require(found->has_value() == wanted.has_value(), "find finds what decoding finds");
      if (wanted) require((*found)->decode() == *wanted, "and it is the same");
      there = wanted.has_value();
      if ((data[0] & 6) == 0) before.emplace(decoded->value);
    }
  }
  check_change(protocol, bytes, path, text, before, there && before.has_value());
  return 0;
}
