#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/schema.hpp>
#include <unordered_map>

namespace thrift {

/// The canonical `list<...>`, `set<...>`, `map<...>` of one schema. They are made on demand, even
/// when the schema is finished and shared: hence the mutex.
class ContainerTypes {
 public:
  explicit ContainerTypes(const Schema& schema) : schema_(schema) {}

  const ContainerType& get(TypeKind kind, const Type* key, const Type& element);
  /// Sizes of elements are known only when all structs are laid out: until then `get` leaves them
  /// open, and this fills them in.
  void lay_out();

 private:
  struct Id {
    TypeKind kind;
    const Type* key;
    const Type* element;
    bool operator==(const Id&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Id& id) const noexcept {
      const auto mix = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) >> 4; };
      return (mix(id.key) * 31 + mix(id.element)) * 31 + static_cast<std::size_t>(id.kind);
    }
  };
  struct Node {
    std::string name;
    SlotLayout slot;
    ContainerType type;
  };
  void lay_out(Node& node);

  const Schema& schema_;
  std::mutex mutex_;
  bool laid_out_ = false;
  std::deque<std::unique_ptr<Node>> nodes_;
  std::unordered_map<Id, const ContainerType*, Hash> by_id_;
};

}  // namespace thrift
