#include <thriftpp/idl/printer.hpp>

#include "idl/tokens.hpp"

namespace thrift {
namespace {

using namespace ast;

/// Lists and maps that would reach beyond this column get a line for each element.
constexpr std::size_t line_width = 90;

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  std::string take() { return std::move(out_); }

  void program(const Program& p) {
    if (p.headers.empty()) {
      // The first comment is the program's if another one follows it soon: before the first that
      // belongs to a node, it is that for certain. Where there is no documentation of the program,
      // separators keep the first comment with its node.
      loose_doc_ = p.doc.text;
      separate_ = p.doc.text.empty();
    } else {
      doc(p.doc.text);
    }
    for (const Header& header : p.headers) {
      std::visit([this](const auto& h) { print(h); }, header);
      out_ += '\n';
    }
    for (const Definition& d : p.definitions) {
      if (!out_.empty()) out_ += '\n';
      definition(d);
    }
    if (!loose_doc_.empty()) doc(std::exchange(loose_doc_, {}));
  }

  void definition(const Definition& definition) {
    std::visit(
        [this](const auto& d) {
          node_doc(d.doc);
          print(d);
        },
        definition);
    out_ += '\n';
  }

  void type(const Type& t) {
    out_ += t.name.text;
    for (const CppType& c : t.cpp_types) {
      if (!c.trailing) cpp_type(c);
    }
    if (!t.arguments.empty()) {
      if (!t.cpp_types.empty() && !t.cpp_types.front().trailing) out_ += ' ';
      out_ += '<';
      for (std::size_t i = 0; i < t.arguments.size(); ++i) {
        if (i != 0) out_ += ", ";
        type(t.arguments[i]);
      }
      out_ += '>';
    }
    for (const CppType& c : t.cpp_types) {
      if (c.trailing) cpp_type(c);
    }
    annotations(t.annotations);
  }

  void value(const ConstValue& v) {
    const std::size_t begin = out_.size();
    inline_value(v);
    const auto* list = std::get_if<ListValue>(&v.value);
    const auto* map = std::get_if<MapValue>(&v.value);
    const std::size_t line_begin = out_.rfind('\n', begin) + 1;  // 0 behind npos
    if ((list == nullptr && map == nullptr) || out_.size() - line_begin <= line_width) return;
    out_.resize(begin);
    out_ += list != nullptr ? '[' : '{';
    ++level_;
    if (list != nullptr) {
      for (const ConstValue& element : list->elements) {
        new_line();
        value(element);
        out_ += ',';
      }
    } else {
      for (const MapEntry& entry : map->entries) {
        new_line();
        inline_value(entry.key);
        out_ += ": ";
        value(entry.value);
        out_ += ',';
      }
    }
    --level_;
    new_line();
    out_ += list != nullptr ? ']' : '}';
  }

 private:
  void new_line() {
    out_ += '\n';
    out_.append(level_ * options_.indent, ' ');
  }

  void string(std::string_view text, char quote) {
    out_ += quote;
    for (const char c : text) {
      switch (c) {
        case '\n': out_ += "\\n"; break;
        case '\r': out_ += "\\r"; break;
        case '\t': out_ += "\\t"; break;
        case '\\': out_ += "\\\\"; break;
        default:
          if (c == quote) out_ += '\\';
          out_ += c;
      }
    }
    out_ += quote;
  }
  void string(const String& s) {
    if (s.quote == '\0') {
      out_ += s.value;  // a number or a name in an annotation
    } else {
      string(s.value, s.quote);
    }
  }

  void cpp_type(const CppType& c) {
    out_ += " cpp_type ";
    string(c.name);
  }

  void inline_value(const ConstValue& v) {
    std::visit([this](const auto& form) { print(form); }, v.value);
  }
  void print(const Integer& i) { out_ += i.text; }
  void print(const Boolean& b) { out_ += b.value ? "true" : "false"; }
  void print(const Double& d) { out_ += d.text; }
  void print(const String& s) { string(s); }
  void print(const Identifier& i) { out_ += i.text; }
  void print(const ListValue& list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
      if (i != 0) out_ += ", ";
      inline_value(list.elements[i]);
    }
    out_ += ']';
  }
  void print(const MapValue& map) {
    out_ += '{';
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      if (i != 0) out_ += ", ";
      inline_value(map.entries[i].key);
      out_ += ": ";
      inline_value(map.entries[i].value);
    }
    out_ += '}';
  }

  static bool is_name(std::string_view text) {
    const syntax::Token token = syntax::next_token(text, 0);
    return token.kind == syntax::Token::Kind::word && token.begin == 0 &&
           token.end == text.size() && text.find('-') == std::string_view::npos;
  }

  void annotations(const Annotations& all) {
    if (all.empty()) return;
    out_ += " (";
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i != 0) out_ += ", ";
      if (is_name(all[i].name.text)) {
        out_ += all[i].name.text;
      } else {
        string(all[i].name.text, '"');
      }
      if (all[i].value) {
        out_ += " = ";
        string(*all[i].value);
      }
    }
    out_ += ')';
  }

  void doc(std::string_view text) {
    if (text.empty() || !options_.docs) return;
    const std::string_view first = text.substr(0, text.find('\n'));
    if (first.size() + 1 == text.size() && first.size() < line_width) {
      out_.append("/** ").append(first).append(" */");
    } else {
      out_ += "/**";
      while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        new_line();
        out_ += line.empty() ? " *" : " * ";
        out_ += line;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
      }
      new_line();
      out_ += " */";
    }
    new_line();
  }

  void node_doc(const Doc& d) {
    if (!d.range && d.text.empty()) return;
    doc(std::exchange(loose_doc_, {}));
    doc(d.text);
    if (d.text.empty() && options_.docs) {  // a comment without words
      out_ += "/** */";
      new_line();
    }
  }

  void print(const Include& i) {
    out_ += "include ";
    string(i.path);
  }
  void print(const CppInclude& i) {
    out_ += "cpp_include ";
    string(i.path);
  }
  void print(const Namespace& n) {
    out_.append("namespace ").append(n.scope.text).append(" ");
    if (n.quote != 0) {
      string(n.name.text, n.quote);
    } else {
      out_ += n.name.text;
    }
    annotations(n.annotations);
  }

  void print(const Typedef& t) {
    out_ += "typedef ";
    type(t.type);
    out_.append(" ").append(t.name.text);
    annotations(t.annotations);
    if (separate_) out_ += ';';
  }

  void print(const Const& c) {
    out_ += "const ";
    type(c.type);
    out_.append(" ").append(c.name.text).append(" = ");
    if (c.value) value(*c.value);
    annotations(c.annotations);
    if (separate_) out_ += ';';
  }

  void print(const Enum& e) {
    out_.append("enum ").append(e.name.text).append(" {");
    ++level_;
    for (const EnumValue& v : e.values) {
      new_line();
      node_doc(v.doc);
      out_ += v.name.text;
      if (v.value) out_.append(" = ").append(v.value->text);
      annotations(v.annotations);
      out_ += ',';
    }
    --level_;
    close_body(e.values.empty());
    annotations(e.annotations);
  }

  void print(const Struct& s) {
    switch (s.kind) {
      case StructKind::structure: out_ += "struct "; break;
      case StructKind::union_type: out_ += "union "; break;
      case StructKind::exception: out_ += "exception "; break;
    }
    out_ += s.name.text;
    if (s.xsd_all) out_ += " xsd_all";
    out_ += " {";
    field_lines(s.fields);
    annotations(s.annotations);
  }

  void print(const Service& s) {
    out_.append("service ").append(s.name.text);
    if (s.extends) out_.append(" extends ").append(s.extends->text);
    out_ += " {";
    ++level_;
    for (const Function& f : s.functions) {
      new_line();
      node_doc(f.doc);
      function(f);
      out_ += ';';
    }
    --level_;
    close_body(s.functions.empty());
    annotations(s.annotations);
  }

  void close_body(bool empty) {
    if (!empty) new_line();
    out_ += '}';
  }

  void field_lines(const std::vector<Field>& fields) {
    ++level_;
    for (const Field& f : fields) {
      new_line();
      node_doc(f.doc);
      field(f);
      out_ += ';';
    }
    --level_;
    close_body(fields.empty());
  }

  void field(const Field& f) {
    if (f.id) out_.append(f.id->text).append(": ");
    if (f.requiredness == Requiredness::required) out_ += "required ";
    if (f.requiredness == Requiredness::optional) out_ += "optional ";
    type(f.type);
    out_ += f.is_reference ? " & " : " ";
    out_ += f.name.text;
    if (f.default_value) {
      out_ += " = ";
      value(*f.default_value);
    }
    if (f.xsd_optional) out_ += " xsd_optional";
    if (f.xsd_nillable) out_ += " xsd_nillable";
    if (f.xsd_attrs) {
      out_ += " xsd_attrs {";
      field_lines(*f.xsd_attrs);
    }
    annotations(f.annotations);
  }

  void function(const Function& f) {
    if (f.call == Function::Call::oneway) out_ += "oneway ";
    if (f.call == Function::Call::async) out_ += "async ";
    type(f.result);
    out_.append(" ").append(f.name.text);
    arguments(f.arguments);
    if (f.throws) {
      out_ += " throws ";
      arguments(*f.throws);
    }
    annotations(f.annotations);
  }

  /// On one line; with documentation on one line each.
  void arguments(const std::vector<Field>& fields) {
    bool documented = false;
    for (const Field& f : fields) documented = documented || !f.doc.text.empty();
    out_ += '(';
    ++level_;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i != 0) out_ += documented ? "," : ", ";
      if (documented) {
        new_line();
        node_doc(fields[i].doc);
      }
      field(fields[i]);
    }
    --level_;
    if (documented) new_line();
    out_ += ')';
  }

  const PrintOptions& options_;
  std::string out_;
  std::size_t level_ = 0;
  std::string_view loose_doc_;  // the program's, where no header shows that it is
  bool separate_ = false;
};

}  // namespace

std::string print_idl(const Program& program, const PrintOptions& options) {
  Printer printer(options);
  printer.program(program);
  return printer.take();
}

std::string print_idl(const Definition& definition, const PrintOptions& options) {
  Printer printer(options);
  printer.definition(definition);
  return printer.take();
}

std::string print_idl(const Type& type) {
  const PrintOptions options;
  Printer printer(options);
  printer.type(type);
  return printer.take();
}

std::string print_idl(const ConstValue& value) {
  const PrintOptions options;
  Printer printer(options);
  printer.value(value);
  return printer.take();
}

}  // namespace thrift
