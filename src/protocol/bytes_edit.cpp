// Changing bytes at a path: what has to change is gathered as patches, which are then put in while
// the bytes are copied once.

#include <thriftpp/schema/struct_type.hpp>
#include <utility>

#include "protocol/path_walk.hpp"

namespace thrift {
namespace {

using Kind = CompiledPath::Step::Kind;

/// What takes the place of the bytes in [begin, end), in the order of the input.
struct Patch {
  Place begin;
  Place end;
  Buffer bytes;
};

Buffer patched(std::span<const std::byte> bytes, Place begin, const std::vector<Patch>& patches) {
  std::size_t size = bytes.size();
  for (const Patch& patch : patches) size += patch.bytes.size();
  Buffer out(size);
  Place from = begin;
  for (const Patch& patch : patches) {
    out.append({from, patch.begin});
    out.append(patch.bytes);
    from = patch.end;
  }
  out.append({from, begin + bytes.size()});
  return out;
}

/// A field of the struct that is changed, as it stands.
struct FieldPlace {
  Place begin;
  Place value;
  Place end;
  FieldHeader header;
  enum class Fate : std::uint8_t { stays, is_replaced, goes } fate = Fate::stays;
};

template <class Wire>
class Editor {
 public:
  Editor(std::span<const std::byte> bytes, const CompiledPath& path, const DecodeOptions& options)
      : bytes_(bytes),
        path_(path),
        steps_(path.steps()),
        state_(bytes, options),
        walk_(state_, path.root().slot()) {}

  Buffer set(const Literal& literal) {
    const Value value(path_.type(), literal);
    if (steps_.empty()) {
      const Place end = walk_.end_of_value(steps_);
      if (end == nullptr) raise();
      patch(state_.begin(), end, encode(Wire::protocol, value));
      return result();
    }
    if (!to_parent()) not_there(steps_.size() - 1);
    const CompiledPath::Step& last = steps_.back();
    switch (last.kind) {
      case Kind::field: set_field(last, value); break;
      case Kind::index: change_element(last, &value, false); break;
      case Kind::key: set_entry(last, value); break;
    }
    return result();
  }

  Buffer erase() {
    if (steps_.empty()) throw TypeError("a whole value cannot be erased");
    if (to_parent()) {
      const CompiledPath::Step& last = steps_.back();
      switch (last.kind) {
        case Kind::field: erase_field(last); break;
        case Kind::index: change_element(last, nullptr, false); break;
        case Kind::key: erase_entries(last); break;
      }
    }
    return result();
  }

  Buffer insert(const Literal& literal) {
    const bool is_element = !steps_.empty() && steps_.back().kind == Kind::index;
    if (is_element) {
      const Value value(path_.type(), literal);
      if (!to_parent()) not_there(steps_.size() - 1);
      change_element(steps_.back(), &value, true);
      return result();
    }
    const TypeKind kind = path_.type().kind();
    const bool is_entry = !steps_.empty() && steps_.back().kind == Kind::key;
    if (is_entry || (kind != TypeKind::list && kind != TypeKind::set)) return set(literal);
    const Value element(path_.type().as_container().element(), literal);
    here_ = steps_;
    switch (walk_.along(here_)) {
      case Reached::failed: raise();
      case Reached::found: append(element); return result();
      case Reached::absent: break;
    }
    // A container of this one element.
    return Editor(bytes_, path_, options()).set(list{element});
  }

 private:
  [[noreturn]] void raise() const { state_.failure(path_.root().name()).raise(); }
  /// What failed lies below the place that the walk has reached.
  [[noreturn]] void raise_here() {
    walk_.add_trail(here_);
    raise();
  }
  [[noreturn]] void reject(std::size_t steps, const std::string& problem) const {
    Trail trail;
    for (std::size_t i = steps; i-- > 0;) {
      const CompiledPath::Step& step = steps_[i];
      switch (step.kind) {
        case Kind::field: trail.add_field(*step.from->record, *step.field); break;
        case Kind::index: trail.add_index(step.index); break;
        case Kind::key: trail.add_key(*step.from->key, step.key); break;
      }
    }
    throw TypeError(trail.text(path_.root().name()), problem);
  }
  [[noreturn]] void not_there(std::size_t steps) const {
    reject(steps, "nothing is there that could be changed");
  }
  [[nodiscard]] DecodeOptions options() const {
    DecodeOptions options;
    options.max_depth = state_.max_depth();
    options.max_string = state_.max_string();
    options.max_container = state_.max_container();
    options.strictness = state_.strictness();
    return options;
  }

  /// To what the last step leads out of; false where that is not there.
  bool to_parent() {
    here_ = steps_.first(steps_.size() - 1);
    switch (walk_.along(here_)) {
      case Reached::found: break;
      case Reached::absent: return false;
      case Reached::failed: raise();
    }
    if (walk_.depth() == 0) {
      state_.too_deep(walk_.place());
      raise_here();
    }
    return true;
  }

  void patch(Place begin, Place end, Buffer&& bytes) {
    patches_.push_back({begin, end, std::move(bytes)});
  }
  [[nodiscard]] Buffer result() const { return patched(bytes_, state_.begin(), patches_); }

  [[nodiscard]] std::uint32_t inner_depth() const noexcept { return walk_.depth() - 1; }

  // --- structs -----------------------------------------------------------------------------------

  /// The fields of the struct that the walk stands at; `stop` is where it ends.
  std::vector<FieldPlace> fields(const StructLayout& record, Place& stop) {
    std::vector<FieldPlace> out;
    FieldHeader header;
    for (Place p = walk_.place();;) {
      const Place begin = p;
      const Place value = Wire::read_field(state_, p, header.id, header);
      if (value == nullptr) raise_here();
      if (header.type == WireType::stop) {
        stop = begin;
        return out;
      }
      p = header.has_value ? Wire::skip_field(state_, value, record, header, inner_depth()) : value;
      if (p == nullptr) raise_here();
      out.push_back({begin, value, p, header});
    }
  }

  static bool is(const FieldPlace& place, const FieldLayout& field) noexcept {
    return place.header.id == field.id && place.header.type == field.wire;
  }

  void set_field(const CompiledPath::Step& step, const Value& value) {
    const StructLayout& record = *step.from->record;
    const FieldLayout& field = *step.field;
    Place stop = nullptr;
    std::vector<FieldPlace> all = fields(record, stop);
    bool there = false;
    for (FieldPlace& place : all) {
      if (is(place, field)) {
        place.fate = there ? FieldPlace::Fate::goes : FieldPlace::Fate::is_replaced;
        there = true;
      } else if (record.is_union) {
        const FieldLayout* const member = record.find(place.header.id);
        if (member != nullptr && is(place, *member)) place.fate = FieldPlace::Fate::goes;
      }
    }
    const bool in_header = Wire::has_bool_headers && field.op == SlotOp::bool_;
    FieldHeader header{field.id, field.wire, !in_header, false};
    Buffer bytes;
    if (in_header) {
      header.value = value.as<bool>();
    } else {
      encode(Wire::protocol, value, bytes);
    }
    write_fields(all, stop, there ? nullptr : &header, header, bytes);
  }

  void erase_field(const CompiledPath::Step& step) {
    const StructLayout& record = *step.from->record;
    if (record.is_union) reject(steps_.size(), "a union keeps its member; set another one");
    if (is_required(record, *step.field)) reject(steps_.size(), "a required field stays");
    Place stop = nullptr;
    std::vector<FieldPlace> all = fields(record, stop);
    for (FieldPlace& place : all) {
      if (is(place, *step.field)) place.fate = FieldPlace::Fate::goes;
    }
    write_fields(all, stop, nullptr, {}, {});
  }

  /// Patches of the fields by their fates; those that are replaced get `header` and `value`, and so
  /// does a field that is `added`. Headers that say an id relative to another one than before are
  /// written anew.
  void write_fields(const std::vector<FieldPlace>& all, Place stop, const FieldHeader* added,
                    const FieldHeader& header, const Buffer& value) {
    std::int16_t was = 0;  // the id before, in the bytes as they are and as they will be
    std::int16_t will_be = 0;
    const auto add = [&](Place at) {
      Buffer bytes;
      Wire::put_field(bytes, will_be, *added);
      bytes.append(value);
      patch(at, at, std::move(bytes));
      will_be = added->id;
      added = nullptr;
    };
    for (const FieldPlace& place : all) {
      if (added != nullptr && place.header.id > added->id) add(place.begin);
      const std::int16_t id = place.header.id;
      const bool is_replaced = place.fate == FieldPlace::Fate::is_replaced;
      if (place.fate == FieldPlace::Fate::goes) {
        patch(place.begin, place.end, {});
        was = id;
        continue;
      }
      const bool is_relative = Wire::has_relative_ids && place.value - place.begin == 1;
      if ((is_relative && was != will_be) || (is_replaced && !place.header.has_value)) {
        Buffer bytes;
        Wire::put_field(bytes, will_be, is_replaced ? header : place.header);
        patch(place.begin, place.value, std::move(bytes));
      }
      if (is_replaced) patch(place.value, place.end, Buffer(value.bytes()));
      was = id;
      will_be = id;
    }
    if (added != nullptr) add(stop);
  }

  // --- containers --------------------------------------------------------------------------------

  struct Container {
    ContainerHeader header;
    Place begin;
    Place content;
  };

  /// The header of the container at the walk's place, which must be as the schema says, as what is
  /// added will be.
  Container container(const SlotLayout& slot) {
    Container out{{}, walk_.place(), nullptr};
    const bool is_map = slot.op == SlotOp::map;
    out.content = is_map ? Wire::read_map(state_, out.begin, out.header)
                         : Wire::read_list(state_, out.begin, out.header);
    if (out.content == nullptr) raise_here();
    if (out.header.size != 0 && !is_as_declared(out.header, slot)) {
      state_.fail(ProtocolErrorKind::invalid_data, out.begin,
                  "a `" + std::string(slot.type->name()) +
                      "` whose header names other types cannot be changed");
      raise_here();
    }
    const std::uint64_t least =
        Wire::least_size(slot.element->wire) + (is_map ? Wire::least_size(slot.key->wire) : 0);
    if (out.header.size * least > bytes_between(out.content, state_.end())) {
      state_.bad_container_size(out.begin, out.header.size, least, out.content);
      raise_here();
    }
    return out;
  }

  /// The header, for that many more elements (or fewer).
  void patch_header(const Container& at, const SlotLayout& slot, std::int64_t more) {
    const std::int64_t size = at.header.size + more;
    if (size > largest_wire_size) throw TypeError("a container has no room for another element");
    const bool is_map = slot.op == SlotOp::map;
    const ContainerHeader header{static_cast<std::uint32_t>(size),
                                 is_map ? slot.key->wire : WireType::stop, slot.element->wire};
    Buffer bytes;
    if (is_map) {
      Wire::put_map(bytes, header);
    } else {
      Wire::put_list(bytes, header);
    }
    patch(at.begin, at.content, std::move(bytes));
  }

  Place elements(const Container& at, const SlotLayout& slot, std::uint32_t n,
                 std::uint32_t depth) {
    const Place p = Wire::skip_elements(state_, at.content, *slot.element, n, depth);
    if (p == nullptr) raise_here();
    return p;
  }

  /// Replaces an element, or inserts before it; erases it where there is no value.
  void change_element(const CompiledPath::Step& step, const Value* value, bool inserts) {
    const SlotLayout& slot = *step.from;
    const Container at = container(slot);
    if (step.index >= at.header.size && !(inserts && step.index == at.header.size)) {
      if (value == nullptr) return;
      reject(steps_.size() - 1, "there is no element " + std::to_string(step.index) + " in " +
                                    std::to_string(at.header.size));
    }
    const Place begin = elements(at, slot, static_cast<std::uint32_t>(step.index), inner_depth());
    Place end = begin;
    if (!inserts) end = Wire::skip_slot(state_, begin, *slot.element, inner_depth());
    if (end == nullptr) {
      state_.in_element(step.index);
      raise_here();
    }
    if (value == nullptr) patch_header(at, slot, -1);
    if (inserts) patch_header(at, slot, 1);
    Buffer bytes;
    if (value != nullptr) encode(Wire::protocol, *value, bytes);
    patch(begin, end, std::move(bytes));
  }

  /// To the end of the list or set that the walk stands at.
  void append(const Value& element) {
    const SlotLayout& slot = walk_.slot();
    if (walk_.depth() == 0) {
      state_.too_deep(walk_.place());
      raise_here();
    }
    const Container at = container(slot);
    const Place end = elements(at, slot, at.header.size, inner_depth());
    if (slot.op == SlotOp::set && holds(at, slot, element)) return;
    patch_header(at, slot, 1);
    patch(end, end, encode(Wire::protocol, element));
  }

  bool holds(const Container& at, const SlotLayout& slot, const Value& element) {
    Arena arena;
    DecodeOptions options = this->options();
    options.max_depth = inner_depth();
    options.alias_input = true;
    Place p = at.content;
    for (std::uint32_t i = 0; i < at.header.size; ++i) {
      const Place end = Wire::skip_elements(state_, p, *slot.element, 1, inner_depth());
      arena.reset();
      if (decode(Wire::protocol, std::span(p, end), *slot.element->type, arena, options) ==
          element.view()) {
        return true;
      }
      p = end;
    }
    return false;
  }

  struct Entry {
    Place key;
    Place value;
    Place end;
  };

  /// The entries with the step's key; `end` is where the map ends.
  std::vector<Entry> entries(const Container& at, const CompiledPath::Step& step, Place& end) {
    const SlotLayout& slot = *step.from;
    std::vector<Entry> out;
    Place p = at.content;
    for (std::uint32_t i = 0; i < at.header.size; ++i) {
      alignas(8) std::byte key[16];
      const Place begin = p;
      const Place value = Wire::read_scalar(state_, p, *slot.key, key);
      p = value == nullptr ? nullptr : Wire::skip_slot(state_, value, *slot.element, inner_depth());
      if (p == nullptr) {
        state_.in_element(i);
        raise_here();
      }
      if (is_key(*slot.key, key, step.key)) out.push_back({begin, value, p});
    }
    end = p;
    return out;
  }

  void set_entry(const CompiledPath::Step& step, const Value& value) {
    const SlotLayout& slot = *step.from;
    const Container at = container(slot);
    Place end = nullptr;
    const std::vector<Entry> found = entries(at, step, end);
    if (!found.empty()) {  // the last one counts
      patch(found.back().value, found.back().end, encode(Wire::protocol, value));
      return;
    }
    patch_header(at, slot, 1);
    Buffer bytes;
    encode(Wire::protocol, ValueView(*slot.key->type, step.key), bytes);
    encode(Wire::protocol, value, bytes);
    patch(end, end, std::move(bytes));
  }

  void erase_entries(const CompiledPath::Step& step) {
    const Container at = container(*step.from);
    Place end = nullptr;
    const std::vector<Entry> found = entries(at, step, end);
    if (found.empty()) return;
    patch_header(at, *step.from, -static_cast<std::int64_t>(found.size()));
    for (const Entry& entry : found) patch(entry.key, entry.end, {});
  }

  std::span<const std::byte> bytes_;
  const CompiledPath& path_;
  std::span<const CompiledPath::Step> steps_;
  std::span<const CompiledPath::Step> here_;  // the steps that the walk takes
  DecodeState state_;
  PathWalk<Wire> walk_;
  std::vector<Patch> patches_;
};

}  // namespace

Buffer set(ProtocolId protocol, std::span<const std::byte> bytes, const CompiledPath& path,
           const Literal& value, const DecodeOptions& options) {
  return with_wire(
      protocol, [&](auto wire) { return Editor<decltype(wire)>(bytes, path, options).set(value); });
}

Buffer erase(ProtocolId protocol, std::span<const std::byte> bytes, const CompiledPath& path,
             const DecodeOptions& options) {
  return with_wire(protocol,
                   [&](auto wire) { return Editor<decltype(wire)>(bytes, path, options).erase(); });
}

Buffer insert(ProtocolId protocol, std::span<const std::byte> bytes, const CompiledPath& path,
              const Literal& value, const DecodeOptions& options) {
  return with_wire(protocol, [&](auto wire) {
    return Editor<decltype(wire)>(bytes, path, options).insert(value);
  });
}

}  // namespace thrift
