#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema.hpp>
#include <vector>

#include "base/unknown_name.hpp"

namespace thrift {
namespace {

constexpr int max_nesting = 64;

/// Reads `list<map<string, shared.Item>>`; recursion is bounded by max_nesting.
class TypeExpression {
 public:
  TypeExpression(const Schema& schema, std::string_view text) : schema_(schema), text_(text) {}

  const Type& read() {
    const Type& type = read_type(0);
    skip_blanks();
    if (at_ != text_.size()) fail("unexpected `" + std::string(1, text_[at_]) + "`");
    return type;
  }

 private:
  const Type& read_type(int nesting) {
    if (nesting > max_nesting) fail("nested too deep");
    const std::string_view name = read_name();
    if (name == "list" || name == "set") {
      expect('<');
      const Type& element = read_element(nesting);
      expect('>');
      return name == "list" ? schema_.list_of(element) : schema_.set_of(element);
    }
    if (name == "map") {
      expect('<');
      const Type& key = read_element(nesting);
      expect(',');
      const Type& value = read_element(nesting);
      expect('>');
      return schema_.map_of(key, value);
    }
    if (name == "byte") return base_type(TypeKind::i8);
    for (int kind = 0; kind <= static_cast<int>(TypeKind::uuid); ++kind) {
      const Type& base = base_type(static_cast<TypeKind>(kind));
      if (base.name() == name) return base;
    }
    if (const Type* const found = schema_.find_type(name)) return *found;
    fail_unknown(name);
  }

  const Type& read_element(int nesting) {
    const Type& type = read_type(nesting + 1);
    if (type.is_void()) fail("`void` cannot be an element");
    return type;
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::string_view read_name() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_.find_first_of("<>, \t", at_) != at_) ++at_;
    if (at_ == begin) fail("expected a type");
    return text_.substr(begin, at_ - begin);
  }

  void expect(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) fail("expected `" + std::string(1, c) + "`");
    ++at_;
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw TypeError("type `" + std::string(text_) + "`, column " + std::to_string(at_ + 1) + ": " +
                    problem);
  }

  [[noreturn]] void fail_unknown(std::string_view name) const {
    std::vector<std::string> names{"bool",   "byte",   "i8",   "i16",  "i32", "i64", "double",
                                   "string", "binary", "uuid", "list", "set", "map"};
    const auto add = [&](const Program& program, const std::string& prefix) {
      for (const auto* s : program.structs()) names.push_back(prefix + std::string(s->name()));
      for (const auto* e : program.enums()) names.push_back(prefix + std::string(e->name()));
      for (const auto* t : program.typedefs()) names.push_back(prefix + std::string(t->name()));
    };
    add(schema_.program(), {});
    for (const Program* p : schema_.program().includes()) add(*p, std::string(p->name()) + '.');
    const std::vector<std::string_view> views(names.begin(), names.end());
    throw_unknown_name({}, "no type `" + std::string(name) + "`", name, views);
  }

  const Schema& schema_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const Type& Schema::type(std::string_view expression) const {
  return TypeExpression(*this, expression).read();
}

}  // namespace thrift
