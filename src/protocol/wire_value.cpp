#include <thriftpp/protocol/wire_value.hpp>
#include <thriftpp/schema/struct_type.hpp>
#include <utility>

#include "protocol/path_walk.hpp"

namespace thrift {
namespace {

[[noreturn]] void wrong_kind(const Type& type, const char* wanted) {
  throw TypeError({},
                  "expected " + std::string(wanted) + ", got `" + std::string(type.name()) + "`",
                  wanted, std::string(type.name()));
}

void check_list(const Type& type) {
  if (type.kind() != TypeKind::list && type.kind() != TypeKind::set) {
    wrong_kind(type, "a list or set");
  }
}

/// How many bytes say the size of the string that `bytes` are, where that is plain to see; else 0.
std::size_t size_of_text_header(ProtocolId protocol, std::span<const std::byte> bytes) noexcept {
  if (protocol == ProtocolId::binary) {
    return bytes.size() >= 4 && load_big<std::uint32_t>(bytes.data()) == bytes.size() - 4 ? 4 : 0;
  }
  if (protocol != ProtocolId::compact || bytes.empty() || bytes.size() > 128) return 0;
  return static_cast<std::size_t>(bytes[0]) == bytes.size() - 1 ? 1 : 0;
}

/// Whether bytes of this scalar that can be read may still be none that decoding takes.
bool may_be_odd(const Type& type, const Strictness& strictness) noexcept {
  switch (type.kind()) {
    case TypeKind::string: return strictness.invalid_utf8 != Reaction::keep;
    case TypeKind::enum_:
      if (strictness.unknown_enum != Reaction::keep) return true;
      [[fallthrough]];
    case TypeKind::i16:
    case TypeKind::i32: return strictness.varint_overflow != Reaction::keep;
    default: return false;
  }
}

/// Decoding counts from where the value starts.
template <class F>
auto at_offset(std::size_t offset, F&& decode) {
  try {
    return std::forward<F>(decode)();
  } catch (const ProtocolError& error) {
    if (offset == 0) throw;
    const auto* const detail = error.failure().as<ProtocolErrorDetail>();
    throw ProtocolError(error.kind(), detail->problem, error.offset() + offset, error.path());
  }
}

}  // namespace

void raise_at(const DecodeState& state, std::string_view root, std::size_t offset) {
  at_offset(offset, [&] { state.failure(root).raise(); });
  std::abort();  // not reached: raise throws
}

WireValue::WireValue() noexcept : type_(&base_type(TypeKind::void_)) {}

const Type* WireValue::scalar_type() const noexcept {
  // The schema may not know the field; that it is a bool the header says.
  if (in_header_) return &base_type(TypeKind::bool_);
  const SlotOp op = type_->slot().op;
  return op >= SlotOp::bool_ && op <= SlotOp::uuid ? type_ : nullptr;
}

void WireValue::read_scalar(std::byte* cell) const {
  if (in_header_) {
    *cell = std::byte{*in_header_};
    return;
  }
  if (may_be_odd(*type_, options_.strictness)) [[unlikely]]
    check_scalar();
  if (type_->slot().op == SlotOp::string) {
    // What is mostly asked for, and as it should be: without the state that errors need.
    const std::size_t header = size_of_text_header(protocol_, bytes_);
    if (header != 0 && bytes_.size() - header <= options_.max_string) [[likely]] {
      const StringSlot text{reinterpret_cast<const char*>(bytes_.data()) + header,
                            bytes_.size() - header};
      std::memcpy(cell, &text, sizeof(text));
      return;
    }
  }
  DecodeState state(bytes_, options_);
  with_wire(protocol_, [&](auto wire) {
    using Wire = decltype(wire);
    if (Wire::read_scalar(state, state.begin(), type_->slot(), cell) == nullptr) {
      raise_at(state, type_->name(), offset_);
    }
  });
}

void WireValue::check_scalar() const {
  if (!has_wire(protocol_)) return;  // which reading says
  Arena arena;
  DecodeOptions options = options_;
  options.alias_input = true;
  const auto decoded = try_decode_prefix(protocol_, bytes_, *type_, arena, options);
  if (!decoded) at_offset(offset_, [&] { decoded.error().raise(); });
}

void WireValue::refuse_view() const {
  throw TypeError({}, "`" + std::string(type_->name()) +
                          "` has to be decoded first: what would be looked at is not there");
}

Value WireValue::decode() const {
  if (type_->is_void()) return {};
  if (in_header_) return {*type_, *in_header_};
  return at_offset(offset_, [&] { return thrift::decode(protocol_, bytes_, *type_, options_); });
}

ValueView WireValue::decode(Arena& arena) const {
  if (type_->is_void()) return {};
  if (in_header_) {
    auto* const cell = static_cast<std::byte*>(arena.allocate(1, 1));
    *cell = std::byte{*in_header_};
    return {*type_, cell};
  }
  return at_offset(offset_,
                   [&] { return thrift::decode(protocol_, bytes_, *type_, arena, options_); });
}

WireFields WireValue::fields() const {
  if (!type_->is_struct()) wrong_kind(*type_, "a struct");
  return WireFields(*this);
}

WireElements WireValue::elements() const {
  check_list(*type_);
  return WireElements(*this);
}

WireEntries WireValue::entries() const {
  if (type_->kind() != TypeKind::map) wrong_kind(*type_, "a map");
  return WireEntries(*this);
}

std::size_t WireValue::size() const {
  if (type_->kind() != TypeKind::map) check_list(*type_);
  DecodeState state(bytes_, options_);
  return with_wire(protocol_, [&](auto wire) -> std::size_t {
    ContainerHeader header;
    bool left_out = false;
    if (PathWalk<decltype(wire)>::read_container(state, state.begin(), type_->slot(), header,
                                                 left_out) == nullptr) {
      raise_at(state, type_->name(), offset_);
    }
    return header.size;
  });
}

namespace detail {
namespace {

/// One value below `parent`, of `slot`, in [begin, end).
WireValue child(const WireValue& parent, const DecodeState& state, const Type& type, Place begin,
                Place end) {
  const DecodeOptions& options = WireAccess::options(parent);
  return WireAccess::make(parent.protocol(), {begin, end},
                          parent.offset() + bytes_between(state.begin(), begin), type, options,
                          options.max_depth - 1);
}

/// The next element of a list, which the step ends.
template <class Wire>
Place take(const WireValue& parent, DecodeState& state, const Type& type, Place p, WireValue& out) {
  const Place end = Wire::skip_slot(state, p, type.slot(), state.max_depth() - 1);
  if (end != nullptr) out = child(parent, state, type, p, end);
  return end;
}

template <class Wire>
Place take_field(const WireValue& parent, DecodeState& state, Place p, std::int16_t last_id,
                 WireField& out) {
  const StructType& type = parent.type().as_struct();
  FieldHeader header;
  const Place begin = p;
  p = Wire::read_field(state, p, last_id, header);
  if (p == nullptr) return nullptr;
  out.id = header.id;
  out.wire_type = header.type;
  if (header.type == WireType::stop) return p;
  const FieldLayout* const layout = type.layout().find(header.id);
  const bool known = layout != nullptr && layout->wire == header.type;
  out.field = known ? &type.fields()[layout->index] : nullptr;
  const Place end = header.has_value
                        ? Wire::skip_field(state, p, type.layout(), header, state.max_depth() - 1)
                        : p;
  if (end == nullptr) return nullptr;
  out.value = child(parent, state, known ? out.field->type() : base_type(TypeKind::void_), p, end);
  if (!header.has_value) WireAccess::set_in_header(out.value, header.value);
  out.bytes = {begin, end};
  return end;
}

}  // namespace

template <class Item>
WireIterator<Item>::WireIterator(const WireValue& parent) : parent_(parent) {
  if constexpr (!std::same_as<Item, WireField>) {
    DecodeState state(parent_.bytes(), WireAccess::options(parent_));
    with_wire(parent_.protocol(), [&](auto wire) {
      ContainerHeader header;
      bool left_out = false;
      const Place p = PathWalk<decltype(wire)>::read_container(
          state, state.begin(), parent_.type().slot(), header, left_out);
      if (p == nullptr) raise_at(state, parent_.type().name(), parent_.offset());
      at_ = bytes_between(state.begin(), p);
      left_ = header.size;
    });
  }
  next();
}

template <class Item>
void WireIterator<Item>::next() {
  if constexpr (!std::same_as<Item, WireField>) {
    if (left_ == 0) {
      at_end_ = true;
      return;
    }
    --left_;
  }
  DecodeState state(parent_.bytes(), WireAccess::options(parent_));
  with_wire(parent_.protocol(), [&](auto wire) {
    using Wire = decltype(wire);
    const Place begin = state.begin() + at_;
    Place p = nullptr;
    if (state.max_depth() == 0) {
      state.too_deep(begin);
    } else if constexpr (std::same_as<Item, WireField>) {
      p = take_field<Wire>(parent_, state, begin, last_id_, current_);
      last_id_ = current_.id;
      at_end_ = current_.wire_type == WireType::stop;
    } else if constexpr (std::same_as<Item, WireValue>) {
      p = take<Wire>(parent_, state, parent_.type().as_container().element(), begin, current_);
      if (p == nullptr) state.in_element(index_);
    } else {
      const ContainerType& type = parent_.type().as_container();
      p = take<Wire>(parent_, state, type.key(), begin, current_.key);
      if (p != nullptr) p = take<Wire>(parent_, state, type.element(), p, current_.value);
      if (p == nullptr) state.in_element(index_);
    }
    if (p == nullptr) raise_at(state, parent_.type().name(), parent_.offset());
    at_ = bytes_between(state.begin(), p);
    ++index_;
  });
}

template class WireIterator<WireField>;
template class WireIterator<WireValue>;
template class WireIterator<WireEntry>;

}  // namespace detail
}  // namespace thrift
