#include <set>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/schema.hpp>

#include "schema/schema_state.hpp"

namespace thrift {
namespace {

/// Walks two types in step. Types on the way are assumed equal while they are compared, so that
/// recursive ones end. Depth is bounded by the number of struct pairs times the nesting of types.
class Comparison {
 public:
  /// Empty where they agree.
  std::string difference(const Type& a, const Type& b) {
    if (&a == &b) return {};
    if (kind(a) != kind(b)) return kinds(a, b);
    if (a.is_container()) {
      const ContainerType& x = a.as_container();
      const ContainerType& y = b.as_container();
      if (a.kind() == TypeKind::map) {
        if (std::string d = difference(x.key(), y.key()); !d.empty()) return d;
      }
      return difference(x.element(), y.element());
    }
    if (!a.is_struct() || !assumed_.insert({&a, &b}).second) return {};
    return fields(a.as_struct(), b.as_struct());
  }

 private:
  // string and binary are one thing in memory and on the wire; struct and exception too.
  static TypeKind kind(const Type& t) {
    if (t.kind() == TypeKind::binary) return TypeKind::string;
    if (t.kind() == TypeKind::exception) return TypeKind::struct_;
    return t.kind();
  }

  static std::string kinds(const Type& a, const Type& b) {
    return "`" + std::string(a.name()) + "` here is `" + std::string(b.name()) + "` there";
  }

  std::string fields(const StructType& a, const StructType& b) {
    const StructLayout& x = a.layout();
    const StructLayout& y = b.layout();
    for (std::size_t i = 0; i < x.field_count; ++i) {
      const Field& mine = a.fields()[x.fields[i].index];
      const Field* const other = b.find_field(mine.id());
      if (other == nullptr) return name(mine) + " is missing there";
      if (mine.is_required() != other->is_required()) {
        return name(mine) + " is " + std::string(to_string(mine.requiredness())) + " here and " +
               std::string(to_string(other->requiredness())) + " there";
      }
      if (std::string d = difference(mine.type(), other->type()); !d.empty()) {
        return name(mine) + ": " + d;
      }
    }
    if (x.field_count != y.field_count) {
      for (std::size_t i = 0; i < y.field_count; ++i) {
        const Field& other = b.fields()[y.fields[i].index];
        if (a.find_field(other.id()) == nullptr) return name(other) + " is missing here";
      }
    }
    return {};
  }

  static std::string name(const Field& field) {
    return "field " + std::to_string(field.id()) + " `" + std::string(field.name()) + "` of `" +
           std::string(field.parent().name()) + "`";
  }

  std::set<std::pair<const Type*, const Type*>> assumed_;
};

}  // namespace

std::string first_difference(const Type& a, const Type& b) {
  return Comparison().difference(a, b);
}

bool same_structure(const Type& a, const Type& b) {
  if (&a == &b) return true;
  if (&a.slot() == &b.slot()) return true;
  if (a.slot().op != b.slot().op) return false;
  // Only types that hold others are worth remembering; and only those that belong to a schema.
  if (a.schema() == nullptr || b.schema() == nullptr || (!a.is_struct() && !a.is_container())) {
    return Comparison().difference(a, b).empty();
  }
  Schema::State& state = *a.schema()->state_;
  const Schema::State::Pair pair{&a, &b, b.schema()->state_->id};
  const std::scoped_lock lock(state.pairs_mutex);
  const auto known = state.pairs.find(pair);
  if (known != state.pairs.end()) return known->second;
  const bool same = Comparison().difference(a, b).empty();
  // Schemas come and go in a program that reloads; what is remembered of old ones must not pile up.
  if (state.pairs.size() >= 4096) state.pairs.clear();
  state.pairs.emplace(pair, same);
  return same;
}

}  // namespace thrift
