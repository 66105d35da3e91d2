// Lists of fields: of structs, of arguments, of exceptions. They differ in what `required` and
// `optional` mean there, and in little else.

#include <limits>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

/// Ids are 16 bits wide, and a layout needs one bit more than there are fields.
constexpr std::size_t max_fields = 65534;

class FieldMaker {
 public:
  FieldMaker(Load& load, Unit& unit, FieldList kind, std::string_view owner)
      : load_(load), unit_(unit), kind_(kind), owner_(owner) {}

  std::vector<FieldSpec> make(const std::vector<ast::Field>& trees,
                              std::vector<FieldDefault>& defaults) {
    specs_.reserve(trees.size());
    const ast::Field* first_default = nullptr;
    for (const ast::Field& tree : trees) {
      FieldSpec spec;
      const bool fits = assign_id(tree, spec);
      spec.name = tree.name.text;
      spec.type = resolve_type(load_, unit_, tree.type);
      if (spec.type.type().is_void()) spec.type = *load_.broken;  // damaged
      spec.requiredness = requiredness_of(tree);
      spec.reference = tree.is_reference;
      spec.xsd_optional = tree.xsd_optional;
      spec.xsd_nillable = tree.xsd_nillable;
      if (tree.xsd_attrs) spec.xsd_attrs = make_attributes(tree);
      spec.definition = definition_of(tree.doc, tree.annotations, tree.range);
      if (kind_ == FieldList::throws) check_exception(tree, spec.type.type());
      if (kind_ == FieldList::union_type && tree.default_value) check_default(tree, first_default);
      // A field that clashes with another is left out: the layout could not hold both. Its default
      // is checked all the same.
      const bool kept = is_unique(tree, spec.id, fits) && fits;
      if (tree.default_value) {
        const auto index = static_cast<std::uint32_t>(specs_.size());
        defaults.push_back({&tree, &spec.type.type(), kept ? std::optional(index) : std::nullopt});
      }
      if (!kept) continue;
      if (specs_.size() == max_fields) {
        load_.diagnostics.error(
            "too-many-fields", tree.name.range,
            std::string(owner_) + " has more than " + std::to_string(max_fields) + " fields");
        break;
      }
      specs_.push_back(std::move(spec));
    }
    return std::move(specs_);
  }

 private:
  /// Returns whether the field has an id that can be used.
  bool assign_id(const ast::Field& tree, FieldSpec& spec) {
    spec.explicit_id = tree.id.has_value();
    if (!tree.id) {
      if (load_.options.implicit_ids == ImplicitIds::reject) {
        load_.diagnostics.error("missing-field-id", tree.type.range,
                                "field " + backquoted(tree.name.text) + " has no id");
        return false;
      }
      return use_next(tree, spec);
    }
    const std::int64_t id = tree.id->value;
    if (id > 0 || load_.options.keep_negative_ids) {
      if (id > std::numeric_limits<std::int16_t>::max() ||
          id < std::numeric_limits<std::int16_t>::min()) {
        if (!tree.id->overflow) {
          load_.diagnostics.error("field-id-range", tree.id->range,
                                  "field id " + backquoted(tree.id->text) +
                                      (id > 0 ? " is more than 32767" : " is less than -32768"));
        }
        return false;
      }
      spec.id = static_cast<std::int16_t>(id);
      if (load_.options.implicit_ids == ImplicitIds::sequential) {
        next_ = id + 1;
      } else if (id <= 0) {
        next_ = id - 1;  // Apache's compiler goes on from there
      }
      return true;
    }
    spec.explicit_id = false;
    const std::int64_t given = next_;
    const bool fits = use_next(tree, spec);
    load_.diagnostics.warning("nonpositive-field-id", tree.id->range,
                              "field id " + backquoted(tree.id->text) + " is not positive; " +
                                  std::to_string(given) +
                                  " is taken instead, as Apache's compiler does");
    return fits;
  }

  bool use_next(const ast::Field& tree, FieldSpec& spec) {
    const bool fits = next_ >= std::numeric_limits<std::int16_t>::min() &&
                      next_ <= std::numeric_limits<std::int16_t>::max();
    if (fits) {
      spec.id = static_cast<std::int16_t>(next_);
    } else if (!out_of_ids_) {
      out_of_ids_ = true;  // one for all that follow
      load_.diagnostics.error("field-id-range", tree.name.range,
                              "no id is left for field " + backquoted(tree.name.text));
    }
    next_ += load_.options.implicit_ids == ImplicitIds::sequential ? 1 : -1;
    return fits;
  }

  Requiredness requiredness_of(const ast::Field& tree) {
    const auto ignored = [&](const char* why) {
      load_.diagnostics.warning(
          "ignored-requiredness", tree.requiredness_range,
          backquoted(tree.requiredness == ast::Requiredness::required ? "required" : "optional") +
              " means nothing " + why);
    };
    switch (tree.requiredness) {
      case ast::Requiredness::unspecified: return Requiredness::default_;
      case ast::Requiredness::required:
        if (kind_ == FieldList::throws) return ignored("in `throws`"), Requiredness::default_;
        if (kind_ == FieldList::union_type) return ignored("in a union"), Requiredness::optional;
        return Requiredness::required;
      case ast::Requiredness::optional:
        if (kind_ == FieldList::throws) return ignored("in `throws`"), Requiredness::default_;
        if (kind_ == FieldList::arguments) {
          return ignored("for an argument"), Requiredness::default_;
        }
        return Requiredness::optional;
    }
    return Requiredness::default_;
  }

  /// Reports a name or an id that was there before.
  bool is_unique(const ast::Field& tree, std::int16_t id, bool id_counts) {
    const auto note = [](const ast::Field& first) {
      return std::vector<DiagnosticNote>{
          {"the first one is " + backquoted(first.name.text) + " here",
           first.id ? first.id->range : first.name.range}};
    };
    bool unique = true;
    const auto [named, new_name] = by_name_.try_emplace(tree.name.text, &tree);
    if (!new_name) {
      unique = false;
      load_.diagnostics.error(
          "duplicate-field-name", tree.name.range,
          std::string(owner_) + " has " + noun() + ' ' + backquoted(tree.name.text) + " already",
          {}, {{"the first one is here", named->second->name.range}});
    }
    if (!id_counts) return unique;
    const auto [numbered, new_id] = by_id_.try_emplace(id, &tree);
    if (!new_id) {
      unique = false;
      load_.diagnostics.error("duplicate-field-id", tree.id ? tree.id->range : tree.name.range,
                              std::string(owner_) + " has " + noun() + " with the id " +
                                  std::to_string(id) + " already",
                              {}, note(*numbered->second));
    }
    return unique;
  }

  const char* noun() const {
    return kind_ == FieldList::arguments ? "an argument"
           : kind_ == FieldList::throws  ? "an exception"
                                         : "a field";
  }

  void check_exception(const ast::Field& tree, const Type& type) {
    if (type.kind() == TypeKind::exception || &type == load_.broken) return;
    if (type.kind() == TypeKind::string) {  // old files of thriftrw do that
      load_.diagnostics.warning(
          "string-exception", tree.type.range,
          "only exceptions can be thrown; Apache's compiler refuses a string");
      return;
    }
    load_.diagnostics.error(
        "not-an-exception", tree.type.range,
        "only exceptions can be thrown, " + backquoted(tree.type.name.text) + " is none");
  }

  void check_default(const ast::Field& tree, const ast::Field*& first) {
    if (first == nullptr) {
      first = &tree;
      return;
    }
    load_.diagnostics.error("union-defaults", tree.name.range,
                            std::string(owner_) + " has more than one default", {},
                            {{"the first one is here", first->name.range}});
  }

  /// `xsd_attrs`: a list of its own, whose ids count anew.
  const StructType* make_attributes(const ast::Field& tree) {
    const std::string name = std::string(tree.name.text) + "_xsd_attrs";
    StructType& type = load_.builder.add_anonymous_struct(*unit_.program, name);
    std::vector<FieldDefault> defaults;
    const std::string owner = "`xsd_attrs` of " + backquoted(tree.name.text);
    load_.builder.define(
        type, make_fields(load_, unit_, *tree.xsd_attrs, FieldList::xsd, owner, defaults));
    add_defaults(load_, unit_, defaults, type.fields());
    return &type;
  }

  Load& load_;
  Unit& unit_;
  FieldList kind_;
  std::string_view owner_;
  std::int64_t next_ = load_.options.implicit_ids == ImplicitIds::sequential ? 1 : -1;
  bool out_of_ids_ = false;
  std::vector<FieldSpec> specs_;
  std::unordered_map<std::string_view, const ast::Field*> by_name_;
  std::unordered_map<std::int16_t, const ast::Field*> by_id_;
};

}  // namespace

std::vector<FieldSpec> make_fields(Load& load, Unit& unit, const std::vector<ast::Field>& trees,
                                   FieldList kind, std::string_view owner,
                                   std::vector<FieldDefault>& defaults) {
  return FieldMaker(load, unit, kind, owner).make(trees, defaults);
}

void add_defaults(Load& load, Unit& unit, std::span<const FieldDefault> defaults,
                  std::span<const Field> fields) {
  for (const FieldDefault& d : defaults) {
    const bool kept = d.index && *d.index < fields.size();
    load.defaults.push_back(
        {&unit, load.owner, d.tree, d.type, kept ? &fields[*d.index] : nullptr});
  }
}

}  // namespace thrift::loading
