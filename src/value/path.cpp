#include <charconv>
#include <thriftpp/base/error.hpp>
#include <thriftpp/value/literal.hpp>
#include <thriftpp/value/path.hpp>
#include <thriftpp/value/ref.hpp>
#include <thriftpp/value/view.hpp>

#include "value/hashed.hpp"
#include "value/navigate.hpp"

namespace thrift {
namespace {

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  std::vector<PathStep> parse() {
    std::vector<PathStep> steps;
    while (at_ < text_.size()) {
      switch (text_[at_]) {
        case '[': steps.emplace_back(index()); break;
        case '{': steps.emplace_back(key()); break;
        case '.': ++at_; [[fallthrough]];
        default: steps.emplace_back(field(steps.empty()));
      }
    }
    return steps;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw TypeError("path `" + std::string(text_) + "`, column " + std::to_string(at_ + 1) + ": " +
                    problem);
  }

  void expect(char c) {
    if (at_ >= text_.size() || text_[at_] != c) fail("expected `" + std::string(1, c) + "`");
    ++at_;
  }

  std::string_view until(std::string_view ends) {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(ends, at_), text_.size());
    return text_.substr(begin, at_ - begin);
  }

  PathField field(bool first) {
    if (!first && text_[at_ - (at_ > 0 ? 1 : 0)] != '.') fail("expected `.`, `[` or `{`");
    const std::string_view name = until(".[{]} \"");
    if (name.empty()) fail("expected a name");
    return {std::string(name)};
  }

  PathIndex index() {
    ++at_;
    const std::string_view digits = until("]");
    PathIndex index{0};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), index.index);
    if (error != std::errc() || end != digits.data() + digits.size()) fail("expected a number");
    expect(']');
    return index;
  }

  PathKey key() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '"') {
      PathKey key{string(), true};
      expect('}');
      return key;
    }
    const std::string_view word = until("}");
    if (word.empty()) fail("expected a key");
    expect('}');
    std::int64_t number = 0;
    const char* const last = word.data() + word.size();
    if (const auto r = std::from_chars(word.data(), last, number);
        r.ec == std::errc() && r.ptr == last) {
      return {number};
    }
    double floating = 0;
    if (const auto r = std::from_chars(word.data(), last, floating);
        r.ec == std::errc() && r.ptr == last) {
      return {floating};
    }
    return {std::string(word)};
  }

  std::string string() {
    ++at_;
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at_ >= text_.size()) break;
      switch (const char escaped = text_[at_++]) {
        case 'n': out += '\n'; break;
        case 't': out += '\t'; break;
        case 'r': out += '\r'; break;
        case '"':
        case '\\':
        case '/': out += escaped; break;
        default: fail("unknown escape");
      }
    }
    expect('"');
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

[[noreturn]] void throw_at(std::string_view path, const TypeError& e) {
  throw TypeError("path `" + std::string(path) + "`", e.message());
}

/// Walks `from` along `path`: [] for fields and elements, `at_position` for keys.
template <class Handle, class AtPosition>
Handle walk(Handle from, std::string_view path, AtPosition at_position) {
  const std::vector<PathStep> steps = parse_path(path);
  // A handle's assignment writes through, so the steps are taken by recursion, not by a loop.
  const auto go = [&](const auto& self, Handle at, std::size_t i) -> Handle {
    if (i == steps.size()) return at;
    if (const auto* field = std::get_if<PathField>(&steps[i])) {
      return self(self, at[std::string_view(field->name)], i + 1);
    }
    if (const auto* index = std::get_if<PathIndex>(&steps[i])) {
      return self(self, at[index->index], i + 1);
    }
    return self(self, at_position(at, std::get<PathKey>(steps[i])), i + 1);
  };
  if (steps.size() > max_value_depth) throw TypeError("path is too long");
  try {
    return go(go, from, 0);
  } catch (const TypeError& e) {
    throw_at(path, e);
  }
}

std::size_t existing_position(ValueView map, const PathKey& key) {
  if (map.type().kind() != TypeKind::map) {
    throw TypeError(describe(map.type()) + " has no keys");
  }
  const std::size_t position = position_of_path_key(map, key);
  if (position == no_position) throw TypeError("no such key in " + describe(map.type()));
  return position;
}

}  // namespace

std::vector<PathStep> parse_path(std::string_view path) {
  return PathParser(path).parse();
}

std::size_t position_of_path_key(ValueView map, const PathKey& key) {
  const Type& type = map.type().as_container().key();
  Arena arena(256);
  detail::NewCell cell(type, arena);
  const BuildPath root;
  CellWriter writer(type, cell.data(), arena, root);
  if (const auto* number = std::get_if<std::int64_t>(&key.key)) {
    writer.integer(*number);
  } else if (const auto* floating = std::get_if<double>(&key.key)) {
    writer.number(*floating);
  } else {
    const std::string& text = std::get<std::string>(key.key);
    if (!key.quoted && (text == "true" || text == "false")) {
      writer.boolean(text == "true");
    } else {
      writer.text(text);
    }
  }
  return find_position(map.type().slot(), hashed_slot(map.cell()), cell.data());
}

ValueView ValueView::path(std::string_view path) const {
  return walk(*this, path, [](ValueView map, const PathKey& key) {
    const SlotLayout& slot = map.type().slot();
    const std::size_t position = existing_position(map, key);
    return ValueView(map.type().as_container().element(),
                     list_slot(map.cell()).data + position * slot.entry_size + slot.value_offset);
  });
}

ValueRef ValueRef::path(std::string_view path) const {
  return walk(*this, path, [](const ValueRef& map, const PathKey& key) {
    return map.child_at(existing_position(map.view(), key));
  });
}

}  // namespace thrift
