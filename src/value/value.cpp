#include <thriftpp/value/value.hpp>

#include "value/cells.hpp"

namespace thrift {

/// What a Value owns. It lies in its own arena, and the context in it at a fixed address, so that
/// refs survive moves.
struct Value::Body {
  Body(std::unique_ptr<Arena> memory, const Type& type) noexcept
      : context{memory.get()}, arena(std::move(memory)) {
    if (type.schema() != nullptr) schema = type.schema()->shared_from_this();
  }
  static std::unique_ptr<Body> make(std::unique_ptr<Arena> arena, const Type& type) {
    void* const room = arena->allocate(sizeof(Body), alignof(Body));
    return std::unique_ptr<Body>(::new (room) Body(std::move(arena), type));
  }
  static void operator delete(Body* body, std::destroying_delete_t) noexcept {
    const std::unique_ptr<Arena> memory =
        std::move(body->arena);  // goes last, and the body with it
    body->~Body();
  }
  detail::RefContext context;
  std::unique_ptr<Arena> arena;
  SchemaPtr schema;  // keeps types and default records alive; nullptr for base types
};

namespace {

constexpr std::size_t first_block = 512;

std::byte* zero_cell(const Type& type, Arena& arena) {
  const std::size_t size = type.slot().cell_size;
  auto* const cell = static_cast<std::byte*>(arena.allocate(size));
  if (size != 0) std::memset(cell, 0, size);
  return cell;
}

}  // namespace

Value::Value(std::unique_ptr<Body> body, const Type& type, std::byte* cell) noexcept
    : body_(std::move(body)), type_(&type), cell_(cell) {}

Value::Value(const Type& type) {
  if (type.is_void()) return;
  body_ = Body::make(Arena::make(first_block), type);
  cell_ = zero_cell(type, *body_->arena);
  type_ = &type;
}

Value::Value(const Type& type, const Literal& literal) : Value(type) {
  ref() = literal;
}

Value::Value(ValueView view) : Value(view.type()) {
  if (!is_void()) copy_cell(type_->slot(), view.cell(), cell_, *body_->arena);
}

Value::Value(Value&& other) noexcept
    : body_(std::move(other.body_)),
      type_(std::exchange(other.type_, &base_type(TypeKind::void_))),
      cell_(std::exchange(other.cell_, nullptr)) {}

Value& Value::operator=(const Value& other) {
  if (this != &other) *this = Value(other);
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  body_ = std::move(other.body_);
  type_ = std::exchange(other.type_, &base_type(TypeKind::void_));
  cell_ = std::exchange(other.cell_, nullptr);
  return *this;
}

Value::Value() noexcept = default;
Value::~Value() = default;

Value Value::adopt(std::unique_ptr<Arena> arena, const Type& type, std::byte* cell) {
  if (type.is_void()) return {};
  return {Body::make(std::move(arena), type), type, cell};
}

ValueRef Value::ref() & noexcept {
  if (body_) return ValueRef({type_, cell_, &body_->context});
  // Of void, to which nothing can be assigned: an arena that is never allocated from.
  static Arena no_memory;
  static detail::RefContext nowhere{&no_memory};
  return ValueRef({type_, cell_, &nowhere});
}

Value Value::release(ValueView below) && {
  // What a field that is unset reads as is the schema's, for all to share.
  if (!body_ || !body_->arena->contains(below.cell())) return Value(below);
  // The root changes, the memory stays: refs and views into it stay good.
  auto* const cell = const_cast<std::byte*>(below.cell());
  const Type& type = below.type();
  type_ = &base_type(TypeKind::void_);
  cell_ = nullptr;
  return {std::move(body_), type, cell};
}

std::size_t Value::memory() const noexcept {
  return body_ ? body_->arena->reserved() : 0;
}

}  // namespace thrift
