#pragma once

/// @file
/// `SchemaBuilder`: makes a Schema node by node. The loader uses it; so may tests, and programs
/// that have their types from elsewhere than a `.thrift` file.
///
/// All nodes are added before any is defined, so the order of definitions never matters:
///
///     SchemaBuilder b;
///     Program& p = b.add_program("user", "user.thrift");
///     StructType& user = b.add_struct(p, "User", TypeKind::struct_);        // 1. add
///     b.define(user, {{.id = 1, .name = "id", .type = base_type(TypeKind::string),
///                      .requiredness = Requiredness::required},
///                     {.id = 2, .name = "friends", .type = b.list_of(user)}});  // 2. define
///     b.lay_out();                                                          // 3. compute layouts
///     SchemaPtr schema = std::move(b).build();                              // 4. defaults, build
///
/// All text given is copied. The builder checks nothing that a `.thrift` file's loader reports
/// (duplicates, ranges): breaking those rules is a programming error and throws TypeError where it
/// would break the layout (duplicate field ids).
/// Threads: a builder belongs to one thread.

#include <initializer_list>
#include <memory>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/schema.hpp>
#include <vector>

namespace thrift {

/// What every definition may carry.
struct DefinitionSpec {
  std::string_view docs;
  std::vector<Annotation> annotations;
  SourceSpan source;
};

struct EnumValueSpec {
  std::string_view name;
  std::int32_t number = 0;
  bool explicit_number = true;
  DefinitionSpec definition{};
};

struct FieldSpec {
  std::int16_t id = 0;
  std::string_view name;
  TypeUse type;
  Requiredness requiredness = Requiredness::default_;
  bool explicit_id = true;
  bool reference = false;
  bool xsd_optional = false;
  bool xsd_nillable = false;
  const StructType* xsd_attrs = nullptr;
  DefinitionSpec definition{};
};

struct FunctionSpec {
  std::string_view name;
  TypeUse returns;
  std::vector<FieldSpec> arguments;
  std::vector<FieldSpec> exceptions{};
  bool oneway = false;
  bool async = false;
  DefinitionSpec definition{};
};

class THRIFTPP_API SchemaBuilder {
 public:
  SchemaBuilder();
  SchemaBuilder(const SchemaBuilder&) = delete;
  SchemaBuilder& operator=(const SchemaBuilder&) = delete;
  ~SchemaBuilder();

  /// 1. Add. The first program is the root. Names are bare.
  Program& add_program(std::string_view name, std::string_view path);
  EnumType& add_enum(Program& program, std::string_view name);
  /// `kind` is struct_, union_ or exception.
  StructType& add_struct(Program& program, std::string_view name, TypeKind kind);
  Typedef& add_typedef(Program& program, std::string_view name);
  Constant& add_constant(Program& program, std::string_view name);
  Service& add_service(Program& program, std::string_view name);
  /// A struct that has no name of its own in the program: the attributes of `xsd_attrs {...}`.
  StructType& add_anonymous_struct(Program& program, std::string_view name);

  /// Canonical containers of this schema.
  const ContainerType& list_of(const Type& element);
  const ContainerType& set_of(const Type& element);
  const ContainerType& map_of(const Type& key, const Type& value);
  /// A TypeUse whose annotations and arguments are copied into the schema.
  TypeUse use(const Type& type, const Typedef* alias,
              std::span<const Annotation> all_annotations = {}, std::string_view cpp_type = {},
              std::span<const TypeUse> arguments = {});

  /// 2. Define what was added.
  void define(Program& program, const DefinitionSpec& spec, std::span<const Namespace> namespaces,
              std::span<const Program* const> includes,
              std::span<const std::string_view> cpp_includes = {});
  void define(EnumType& type, const std::vector<EnumValueSpec>& values,
              const DefinitionSpec& spec = {});
  void define(StructType& type, const std::vector<FieldSpec>& fields,
              const DefinitionSpec& spec = {}, bool xsd_all = false);
  void define(Typedef& alias, const TypeUse& target, const DefinitionSpec& spec = {});
  void define(Constant& constant, const TypeUse& type, const DefinitionSpec& spec = {});
  /// `base` must have been defined before (bases first), or be nullptr.
  void define(Service& service, const Service* base, const std::vector<FunctionSpec>& functions,
              const DefinitionSpec& spec = {});

  /// 3. Computes the layouts of all structs and their default records (all fields at zero, empty,
  /// or the default record of their type). Nothing may be added or defined afterwards.
  void lay_out();

  /// 4. Values. A zeroed cell for a value of `type`, in the schema's memory; records have no field
  /// set. What is written there, and memory from `arena()`, lives as long as the schema.
  [[nodiscard]] std::byte* new_cell(const Type& type);
  [[nodiscard]] Arena& arena() noexcept;
  /// The field's IDL default: `cell` holds it, and must not change any more.
  void set_default(const Field& field, const std::byte* cell);
  void set_value(Constant& constant, const std::byte* cell);

  /// Takes a definition out of its program again: it is listed and found nowhere. Nothing that
  /// stays may refer to it. `node` is what an add_ function gave; linear in the program's
  /// definitions.
  void leave_out(const Program& program, const void* node);

  /// The schema; the builder is empty afterwards. lay_out() must have been called.
  [[nodiscard]] SchemaPtr build() &&;
  /// The schema while it is being built: for looking up, and for handles that need one.
  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }

 private:
  struct Pending;  // per program: what was added, in order
  template <class T>
  std::span<T> copy(std::span<const T> items);
  std::string_view text(std::string_view s);
  /// `name` as a JSON string with `behind` behind it, padded to whole blocks of sixteen bytes.
  std::string_view json_text(std::string_view name, std::string_view behind);
  Annotations annotations(std::span<const Annotation> all);
  std::span<Field> new_fields(const StructType& parent, std::span<const FieldSpec> specs);
  void lay_out(StructType& type);
  void make_table(StructLayout& layout);
  void fill_default_record(const StructType& type);
  void sort_names(Program& program, Pending& pending);

  std::shared_ptr<Schema> schema_;
  std::vector<std::unique_ptr<Pending>> pending_;
  std::vector<StructType*> structs_;  // all of them, arguments and results too
};

}  // namespace thrift
