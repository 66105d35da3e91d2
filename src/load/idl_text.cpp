#include "load/idl_text.hpp"

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/value/text.hpp>

#include "load/cells.hpp"

namespace thrift::loading {
namespace {

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

const char* keyword(const StructType& type) {
  return type.is_union() ? "union " : type.is_exception() ? "exception " : "struct ";
}

}  // namespace

std::string IdlText::name_in(std::string_view name, const Program& program) const {
  if (&program == &program_) return std::string(name);
  return std::string(program.name()) + '.' + std::string(name);
}

IdlText& IdlText::docs(std::string_view text, std::size_t indent) {
  if (text.empty()) return *this;
  const std::string blank(indent, ' ');
  out_ += blank + "/**\n";
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    out_ += blank + " *";
    if (!line.empty()) out_.append(" ").append(line);
    out_ += '\n';
  }
  out_ += blank + " */\n";
  return *this;
}

IdlText& IdlText::string(std::string_view text) {
  out_ += '"';
  for (const char c : text) {
    switch (c) {
      case '\n': out_ += "\\n"; break;
      case '\r': out_ += "\\r"; break;
      case '\t': out_ += "\\t"; break;
      case '"':
      case '\\': out_ += '\\'; [[fallthrough]];
      default: out_ += c;
    }
  }
  out_ += '"';
  return *this;
}

IdlText& IdlText::annotations(Annotations all) {
  if (all.empty()) return *this;
  out_ += " (";
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out_ += ", ";
    out_ += all[i].name;
    if (all[i].has_value) raw(" = ").string(all[i].value);
  }
  out_ += ')';
  return *this;
}

// Recursion here and in value() is bounded by the loader's limit of nesting.
IdlText& IdlText::type(const TypeUse& use) {
  const Type& t = use.type();
  if (use.alias() != nullptr) {
    out_ += name_in(use.alias()->name(), use.alias()->program());
  } else if (t.is_container()) {
    const ContainerType& container = t.as_container();
    const bool is_map = t.kind() == TypeKind::map;
    const auto part = [&](std::size_t i, const Type& plain) {
      type(use.arguments().empty() ? TypeUse(plain) : use.arguments()[i]);
    };
    out_ += to_string(t.kind());
    if (!use.cpp_type().empty()) raw(" cpp_type ").string(use.cpp_type()).raw(" ");
    out_ += '<';
    if (is_map) {
      part(0, container.key());
      out_ += ", ";
    }
    part(is_map ? 1 : 0, container.element());
    out_ += '>';
  } else if (t.is_struct()) {
    out_ += name_in(t.name(), t.as_struct().program());
  } else if (t.is_enum()) {
    out_ += name_in(t.name(), t.as_enum().program());
  } else {
    out_ += t.name();
  }
  return annotations(use.annotations());
}

IdlText& IdlText::value(const Type& t, const void* place) {
  const auto* const cell = static_cast<const std::byte*>(place);
  const SlotLayout& slot = t.slot();
  const auto container = [&](char open, char close, auto write) {
    const auto list = load_cell<ListSlot>(cell);
    out_ += open;
    for (std::size_t i = 0; i < list.size; ++i) {
      if (i > 0) out_ += ", ";
      write(list.data + i * slot.entry_size);
    }
    out_ += close;
  };
  switch (slot.op) {
    case SlotOp::bool_: return raw(load_cell<std::uint8_t>(cell) != 0 ? "true" : "false");
    case SlotOp::i8: return raw(std::to_string(load_cell<std::int8_t>(cell)));
    case SlotOp::i16: return raw(std::to_string(load_cell<std::int16_t>(cell)));
    case SlotOp::i32: {
      const auto number = load_cell<std::int32_t>(cell);
      const EnumValue* const name = t.is_enum() ? t.as_enum().find(number) : nullptr;
      if (name == nullptr) return raw(std::to_string(number));
      return raw(name_in(t.name(), t.as_enum().program())).raw(".").raw(name->name());
    }
    case SlotOp::i64: return raw(std::to_string(load_cell<std::int64_t>(cell)));
    case SlotOp::double_: append_json_number(out_, load_cell<double>(cell)); return *this;
    case SlotOp::string: return string(load_cell<StringSlot>(cell).view());
    case SlotOp::uuid: return string(to_string(load_cell<Uuid>(cell)));
    case SlotOp::record: return record(t.as_struct(), cell);
    case SlotOp::list:
    case SlotOp::set:
      container('[', ']', [&](const std::byte* at) { value(t.as_container().element(), at); });
      return *this;
    case SlotOp::map:
      container('{', '}', [&](const std::byte* at) {
        value(t.as_container().key(), at);
        out_ += ": ";
        value(t.as_container().element(), at + slot.value_offset);
      });
      return *this;
    case SlotOp::void_: break;
  }
  return *this;
}

IdlText& IdlText::record(const StructType& type, const std::byte* record) {
  out_ += '{';
  bool first = true;
  for (const Field& field : type.fields()) {
    if (!test_bit(record, field.layout().bit)) continue;
    if (!std::exchange(first, false)) out_ += ", ";
    string(field.name()).raw(": ").value(field.type(), field_cell(record, field.layout()));
  }
  out_ += '}';
  return *this;
}

IdlText& IdlText::field(const Field& f, Requiredness usual) {
  if (f.has_explicit_id()) raw(std::to_string(f.id())).raw(": ");
  if (f.requiredness() != usual) raw(to_string(f.requiredness())).raw(" ");
  type(f.type_use()).raw(f.is_reference() ? " & " : " ").raw(f.name());
  if (f.has_default()) raw(" = ").value(f.type(), f.default_slot());
  if (f.is_xsd_optional()) raw(" xsd_optional");
  if (f.is_xsd_nillable()) raw(" xsd_nillable");
  if (f.xsd_attrs() != nullptr) raw(" xsd_attrs {").fields(f.xsd_attrs()->fields(), usual).raw("}");
  return annotations(f.annotations());
}

IdlText& IdlText::fields(std::span<const Field> all, Requiredness usual) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out_ += ", ";
    field(all[i], usual);
  }
  return *this;
}

IdlText& IdlText::member(const EnumValue& v) {
  raw(v.name());
  if (v.has_explicit_number()) raw(" = ").raw(std::to_string(v.number()));
  return annotations(v.annotations());
}

IdlText& IdlText::signature(const Function& f) {
  if (f.is_oneway()) raw(f.is_async() ? "async " : "oneway ");
  type(f.return_type_use()).raw(" ").raw(f.name()).raw("(");
  fields(f.arguments().fields(), Requiredness::default_).raw(")");
  if (!f.exceptions().empty()) {
    raw(" throws (").fields(f.exceptions(), Requiredness::optional).raw(")");
  }
  return annotations(f.annotations());
}

IdlText& IdlText::head(const Typedef& alias) {
  return raw("typedef ")
      .type(alias.target())
      .raw(" ")
      .raw(alias.name())
      .annotations(alias.annotations());
}

IdlText& IdlText::head(const Constant& constant) {
  raw("const ").type(constant.type_use()).raw(" ").raw(constant.name()).raw(" = ");
  return value(constant.type(), constant.slot()).annotations(constant.annotations());
}

IdlText& IdlText::head(const Service& service) {
  raw("service ").raw(service.name());
  if (service.base() == nullptr) return *this;
  return raw(" extends ").raw(name_in(service.base()->name(), service.base()->program()));
}

IdlText& IdlText::head(const StructType& type) {
  return raw(keyword(type)).raw(type.name()).raw(type.is_xsd_all() ? " xsd_all" : "");
}

IdlText& IdlText::definition(const EnumType& type) {
  docs(type.docs()).raw("enum ").raw(type.name()).raw(" {\n");
  for (const EnumValue& v : type.values()) docs(v.docs(), 2).raw("  ").member(v).raw("\n");
  return raw("}").annotations(type.annotations()).raw("\n");
}

IdlText& IdlText::definition(const StructType& type) {
  docs(type.docs()).head(type).raw(" {\n");
  const Requiredness usual = type.is_union() ? Requiredness::optional : Requiredness::default_;
  for (const Field& f : type.fields()) {
    docs(f.docs(), 2).raw("  ");
    field(f, type.is_union() && f.requiredness() == Requiredness::default_ ? Requiredness::default_
                                                                           : usual)
        .raw("\n");
  }
  return raw("}").annotations(type.annotations()).raw("\n");
}

IdlText& IdlText::definition(const Typedef& alias) {
  return docs(alias.docs()).head(alias).raw("\n");
}

IdlText& IdlText::definition(const Constant& constant) {
  return docs(constant.docs()).head(constant).raw("\n");
}

IdlText& IdlText::definition(const Service& service) {
  docs(service.docs()).head(service).raw(" {\n");
  for (const Function& f : service.functions()) docs(f.docs(), 2).raw("  ").signature(f).raw("\n");
  return raw("}").annotations(service.annotations()).raw("\n");
}

std::string first_sentence(std::string_view docs) {
  std::string sentence;
  while (!docs.empty()) {
    std::string_view line = next_line(docs);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty()) {
      if (!sentence.empty()) break;
      continue;
    }
    const std::size_t stop = line.find(". ");
    if (!sentence.empty()) sentence += ' ';
    sentence += line.substr(0, stop);
    if (stop != std::string_view::npos || line.ends_with('.')) break;
  }
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

}  // namespace thrift::loading
