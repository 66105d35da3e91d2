#include <algorithm>
#include <thriftpp/base/error.hpp>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/program.hpp>

#include "base/unknown_name.hpp"

namespace thrift {
namespace {

constexpr std::size_t small_struct = 12;  // up to here a linear scan by name beats a binary search

template <class Node>
const Node* find_sorted(std::span<const Node* const> sorted, std::string_view name) noexcept {
  const auto it = std::lower_bound(
      sorted.begin(), sorted.end(), name,
      [](const Node* node, std::string_view wanted) { return node->name() < wanted; });
  return it != sorted.end() && (*it)->name() == name ? *it : nullptr;
}

template <class Range, class Name>
std::vector<std::string_view> names_of(const Range& nodes, Name name_of) {
  std::vector<std::string_view> names;
  for (const auto& node : nodes) names.push_back(name_of(node));
  return names;
}

}  // namespace

const EnumValue* EnumType::find(std::string_view name) const noexcept {
  return find_sorted(by_name_, name);
}

const EnumValue* EnumType::find(std::int32_t number) const noexcept {
  // Most enums count 0, 1, 2, ...: then the number is the position.
  const auto at = static_cast<std::uint32_t>(number);
  if (at < by_number_.size() && by_number_[at]->number() == number) return by_number_[at];
  const auto it = std::lower_bound(
      by_number_.begin(), by_number_.end(), number,
      [](const EnumValue* value, std::int32_t wanted) { return value->number() < wanted; });
  return it != by_number_.end() && (*it)->number() == number ? *it : nullptr;
}

const Field* StructType::find_field(std::string_view name) const noexcept {
  if (fields_.size() > small_struct) return find_sorted(by_name_, name);
  for (const Field& field : fields_) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

const Field* StructType::find_field(std::int32_t id) const noexcept {
  const FieldLayout* const found = layout_->find(id);
  return found == nullptr ? nullptr : &fields_[found->index];
}

const Field& StructType::field(std::string_view name) const {
  if (const Field* const found = find_field(name)) return *found;
  TypeErrorDetail detail =
      unknown_name({},
                   std::string(to_string(kind())) + " `" + std::string(this->name()) +
                       "` has no field `" + std::string(name) + "`",
                   name, names_of(fields_, [](const Field& f) { return f.name(); }));
  detail.unknown_field = name;
  throw TypeError(make_failure<TypeErrorDetail>(std::move(detail)));
}

const Function* Service::find_function(std::string_view name) const noexcept {
  return find_sorted(by_name_, name);
}

const Function& Service::function(std::string_view name) const {
  if (const Function* const found = find_function(name)) return *found;
  throw ApplicationError(
      ApplicationErrorKind::unknown_method,
      "service `" + std::string(name_) + "` has no method `" + std::string(name) + "`" +
          did_you_mean(name, names_of(all_, [](const Function* f) { return f->name(); })));
}

std::optional<std::string_view> Program::find_namespace(std::string_view scope) const noexcept {
  std::optional<std::string_view> any;
  for (std::size_t i = namespaces_.size(); i-- > 0;) {
    if (namespaces_[i].scope == scope) return namespaces_[i].name;
    if (!any && namespaces_[i].scope == "*") any = namespaces_[i].name;
  }
  return any;
}

const void* Program::find(std::string_view name, Entry::What what) const noexcept {
  auto it =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [](const Entry& e, std::string_view wanted) { return e.name < wanted; });
  for (; it != by_name_.end() && it->name == name; ++it) {
    if (it->what == what) return it->node;
  }
  return nullptr;
}

const StructType* Program::find_struct(std::string_view name) const noexcept {
  return static_cast<const StructType*>(find(name, Entry::What::struct_));
}
const EnumType* Program::find_enum(std::string_view name) const noexcept {
  return static_cast<const EnumType*>(find(name, Entry::What::enum_));
}
const Typedef* Program::find_typedef(std::string_view name) const noexcept {
  return static_cast<const Typedef*>(find(name, Entry::What::typedef_));
}
const Constant* Program::find_constant(std::string_view name) const noexcept {
  return static_cast<const Constant*>(find(name, Entry::What::constant));
}
const Service* Program::find_service(std::string_view name) const noexcept {
  return static_cast<const Service*>(find(name, Entry::What::service));
}

}  // namespace thrift
