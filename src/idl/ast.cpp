// What can be asked of a syntax tree: whether two say the same, and what was passed over.

#include <algorithm>
#include <bit>
#include <thriftpp/idl/ast.hpp>

#include "idl/tokens.hpp"

namespace thrift::ast {
namespace {

/// One overload per kind of node; ranges never count. In a class, so that each sees all others.
struct Comparison {
  static bool same(std::string_view a, std::string_view b) { return a == b; }
  static bool same(bool a, bool b) { return a == b; }
  static bool same(const Name& a, const Name& b) { return a.text == b.text; }
  static bool same(const Doc& a, const Doc& b) { return a.text == b.text; }
  static bool same(const String& a, const String& b) { return a.value == b.value; }
  static bool same(const Boolean& a, const Boolean& b) { return a.value == b.value; }
  static bool same(const Identifier& a, const Identifier& b) { return a.text == b.text; }
  static bool same(const Integer& a, const Integer& b) {
    return a.value == b.value && a.text == b.text && a.form == b.form && a.overflow == b.overflow;
  }
  static bool same(const Double& a, const Double& b) {
    return std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value) &&
           a.text == b.text;
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  static bool same(Enum a, Enum b) {
    return a == b;
  }

  template <class T>
  static bool same(const std::optional<T>& a, const std::optional<T>& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
  }
  template <class T>
  static bool same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const T& x, const T& y) { return same(x, y); });
  }
  template <class... T>
  static bool same(const std::variant<T...>& a, const std::variant<T...>& b) {
    return a.index() == b.index() &&
           std::visit(
               [&](const auto& x) { return same(x, std::get<std::decay_t<decltype(x)>>(b)); }, a);
  }
  /// Whether all of these members of two nodes are the same.
  template <class Node, class... Member>
  static bool same_in(const Node& a, const Node& b, Member Node::*... members) {
    return (same(a.*members, b.*members) && ...);
  }

  static bool same(const ListValue& a, const ListValue& b) { return same(a.elements, b.elements); }
  static bool same(const MapValue& a, const MapValue& b) { return same(a.entries, b.entries); }
  static bool same(const ConstValue& a, const ConstValue& b) { return same(a.value, b.value); }
  static bool same(const MapEntry& a, const MapEntry& b) {
    return same_in(a, b, &MapEntry::key, &MapEntry::value);
  }
  static bool same(const Annotation& a, const Annotation& b) {
    return same_in(a, b, &Annotation::name, &Annotation::value);
  }
  static bool same(const CppType& a, const CppType& b) {
    return same_in(a, b, &CppType::name, &CppType::trailing);
  }
  static bool same(const Type& a, const Type& b) {
    return same_in(a, b, &Type::kind, &Type::name, &Type::arguments, &Type::cpp_types,
                   &Type::annotations);
  }
  static bool same(const Field& a, const Field& b) {
    return same_in(a, b, &Field::doc, &Field::id, &Field::requiredness, &Field::type,
                   &Field::is_reference, &Field::xsd_optional, &Field::xsd_nillable, &Field::name,
                   &Field::default_value, &Field::xsd_attrs, &Field::annotations);
  }
  static bool same(const Include& a, const Include& b) { return same(a.path, b.path); }
  static bool same(const CppInclude& a, const CppInclude& b) { return same(a.path, b.path); }
  static bool same(const Namespace& a, const Namespace& b) {
    return same_in(a, b, &Namespace::scope, &Namespace::name, &Namespace::annotations) &&
           (a.quote == 0) == (b.quote == 0);
  }
  static bool same(const Typedef& a, const Typedef& b) {
    return same_in(a, b, &Typedef::doc, &Typedef::name, &Typedef::type, &Typedef::annotations,
                   &Typedef::damaged);
  }
  static bool same(const Const& a, const Const& b) {
    return same_in(a, b, &Const::doc, &Const::name, &Const::type, &Const::value,
                   &Const::annotations, &Const::damaged);
  }
  static bool same(const EnumValue& a, const EnumValue& b) {
    return same_in(a, b, &EnumValue::doc, &EnumValue::name, &EnumValue::value,
                   &EnumValue::annotations);
  }
  static bool same(const Enum& a, const Enum& b) {
    return same_in(a, b, &Enum::doc, &Enum::name, &Enum::values, &Enum::annotations,
                   &Enum::damaged);
  }
  static bool same(const Struct& a, const Struct& b) {
    return same_in(a, b, &Struct::doc, &Struct::kind, &Struct::name, &Struct::xsd_all,
                   &Struct::fields, &Struct::annotations, &Struct::damaged);
  }
  static bool same(const Function& a, const Function& b) {
    return same_in(a, b, &Function::doc, &Function::call, &Function::result, &Function::name,
                   &Function::arguments, &Function::throws, &Function::annotations,
                   &Function::damaged);
  }
  static bool same(const Service& a, const Service& b) {
    return same_in(a, b, &Service::doc, &Service::name, &Service::extends, &Service::functions,
                   &Service::annotations, &Service::damaged);
  }
};

}  // namespace

bool same_structure(const Program& a, const Program& b) {
  return Comparison::same_in(a, b, &Program::doc, &Program::headers, &Program::definitions);
}

bool mentioned_in_skipped(const Program& program, std::string_view name) {
  for (const SourceRange& skipped : program.skipped) {
    const std::string_view text = skipped.text();
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      const bool begins = at == 0 || !syntax::is_word(text[at - 1]);
      const bool ends = end == text.size() || !syntax::is_word(text[end]);
      if (begins && ends) return true;
    }
  }
  return false;
}

}  // namespace thrift::ast
