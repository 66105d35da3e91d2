// Changing bytes at a path: what lies before and behind the places that change is copied, while
// walking from one to the next, so that nothing has to be kept of what is passed.

#include <thriftpp/schema/struct_type.hpp>
#include <utility>

#include "protocol/path_walk.hpp"

namespace thrift {
namespace {

using Kind = CompiledPath::Step::Kind;

/// What a field's or container's header may take that is new, or longer than before.
constexpr std::size_t room_for_headers = 16;

template <class Wire>
class Editor {
 public:
  Editor(std::span<const std::byte> bytes, const CompiledPath& path, const DecodeOptions& options)
      : bytes_(bytes),
        path_(path),
        steps_(path.steps()),
        state_(bytes, options),
        walk_(state_, path.root().slot()),
        from_(state_.begin()) {}

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
  /// The first steps of the path.
  [[nodiscard]] Trail trail(std::size_t steps) const {
    Trail trail;
    for (std::size_t i = steps; i-- > 0;) {
      const CompiledPath::Step& step = steps_[i];
      switch (step.kind) {
        case Kind::field: trail.add_field(*step.from->record, *step.field); break;
        case Kind::index: trail.add_index(step.index); break;
        case Kind::key: trail.add_key(*step.from->key, step.key); break;
      }
    }
    return trail;
  }
  [[noreturn]] void reject(std::size_t steps, const std::string& problem) const {
    throw TypeError(trail(steps).text(path_.root().name()), problem);
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

  /// `bytes` take the place of [begin, end), which lies behind all that was patched before.
  void patch(Place begin, Place end, std::span<const std::byte> bytes) {
    if (out_.empty()) out_.reserve(bytes_.size() + bytes.size() + room_for_headers);
    out_.append({from_, begin});
    out_.append(bytes);
    from_ = end;
  }
  [[nodiscard]] Buffer result() {
    out_.append({from_, state_.begin() + bytes_.size()});
    return std::move(out_);
  }

  [[nodiscard]] std::uint32_t inner_depth() const noexcept { return walk_.depth() - 1; }

  // --- structs -----------------------------------------------------------------------------------

  enum class Fate : std::uint8_t { stays, is_replaced, goes };

  static bool is(const FieldHeader& header, const FieldLayout& field) noexcept {
    return header.id == field.id && header.type == field.wire;
  }

  void set_field(const CompiledPath::Step& step, const Value& value) {
    const StructLayout& record = *step.from->record;
    const FieldLayout& field = *step.field;
    const bool in_header = Wire::has_bool_headers && field.op == SlotOp::bool_;
    FieldHeader header{field.id, field.wire, !in_header, false};
    Buffer bytes;
    if (in_header) {
      header.value = value.as<bool>();
    } else {
      encode(Wire::protocol, value, bytes);
    }
    change_fields(record, &header, bytes, [&](const FieldHeader& there) {
      if (is(there, field)) return Fate::is_replaced;
      const FieldLayout* const member = record.is_union ? record.find(there.id) : nullptr;
      return member != nullptr && is(there, *member) ? Fate::goes : Fate::stays;
    });
  }

  void erase_field(const CompiledPath::Step& step) {
    const StructLayout& record = *step.from->record;
    if (record.is_union) reject(steps_.size(), "a union keeps its member; set another one");
    if (is_required(record, *step.field)) reject(steps_.size(), "a required field stays");
    change_fields(record, nullptr, {}, [&](const FieldHeader& there) {
      return is(there, *step.field) ? Fate::goes : Fate::stays;
    });
  }

  /// How things stood before a field was added.
  struct Before {
    Place at = nullptr;  // nullptr: none was added
    std::int16_t was = 0;
    std::int16_t will_be = 0;
    Place from = nullptr;
    std::size_t size = 0;
  };

  /// Goes through the fields of the struct that the walk stands at, each of which has its fate. The
  /// first one to be replaced gets the header `wanted` and `value`, and the others go; where there
  /// is none they are added, if there is a header. Headers that say an id relative to another one
  /// than before are written anew.
  template <class F>
  void change_fields(const StructLayout& record, const FieldHeader* wanted,
                     std::span<const std::byte> value, const F& fate_of) {
    std::int16_t was = 0;  // the id before, in the bytes as they are and as they will be
    std::int16_t will_be = 0;
    bool adds = wanted != nullptr;
    bool is_there = false;
    Before added;
    FieldHeader header;
    for (Place p = walk_.place();;) {
      const Place begin = p;
      const Place content = Wire::read_field(state_, p, was, header);
      if (content == nullptr) raise_here();
      const bool is_stop = header.type == WireType::stop;
      if (adds && (is_stop || header.id > wanted->id)) {
        adds = false;
        added = {begin, was, will_be, from_, out_.size()};
        patch_field(begin, begin, will_be, *wanted);
        patch(begin, begin, value);
        will_be = wanted->id;
      }
      if (is_stop) return;
      p = header.has_value ? Wire::skip_field(state_, content, record, header, inner_depth())
                           : content;
      if (p == nullptr) raise_here();
      Fate fate = fate_of(header);
      if (fate == Fate::is_replaced) {
        if (added.at != nullptr) {
          // Behind one with a larger id, where no writer puts it: back, to replace it.
          p = added.at;
          was = added.was;
          will_be = added.will_be;
          from_ = added.from;
          out_.truncate(added.size);
          added = {};
          continue;
        }
        if (is_there) fate = Fate::goes;
        is_there = true;
        adds = false;
      }
      const std::int16_t before = std::exchange(was, header.id);
      if (fate == Fate::goes) {
        patch(begin, p, {});
        continue;
      }
      const bool is_replaced = fate == Fate::is_replaced;
      const bool is_relative = Wire::has_relative_ids && content - begin == 1;
      if ((is_relative && before != will_be) || (is_replaced && !header.has_value)) {
        patch_field(begin, content, will_be, is_replaced ? *wanted : header);
      }
      if (is_replaced) patch(content, p, value);
      will_be = header.id;
    }
  }

  void patch_field(Place begin, Place end, std::int16_t last_id, const FieldHeader& header) {
    patch(begin, end, {});
    Wire::put_field(out_, last_id, header);
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
    patch(at.begin, at.content, bytes);
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
    patch(begin, end, bytes);
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
      const Place end = Wire::skip_slot(state_, p, *slot.element, inner_depth());
      arena.reset();
      try {
        if (decode(Wire::protocol, std::span(p, end), *slot.element->type, arena, options) ==
            element.view()) {
          return true;
        }
      } catch (const ProtocolError& error) {
        rethrow_of_element(error, i, p);
      }
      p = end;
    }
    return false;
  }

  /// Decoding an element counts from where it starts, and knows nothing around it.
  [[noreturn, gnu::cold]] void rethrow_of_element(const ProtocolError& error, std::uint32_t i,
                                                  Place begin) const {
    const auto* const detail = error.failure().as<ProtocolErrorDetail>();
    const std::string_view below =
        std::string_view(error.path()).substr(path_.type().as_container().element().name().size());
    throw ProtocolError(error.kind(), detail->problem,
                        error.offset() + bytes_between(state_.begin(), begin),
                        trail(steps_.size()).text(path_.root().name()) + '[' + std::to_string(i) +
                            ']' + std::string(below));
  }

  struct Entry {
    Place key;
    Place value;
    Place end;
  };

  /// Calls `f` with each entry that has the step's key; returns where the map ends.
  template <class F>
  Place for_entries(const Container& at, const CompiledPath::Step& step, const F& f) {
    const SlotLayout& slot = *step.from;
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
      if (is_key(*slot.key, key, step.key)) f(Entry{begin, value, p});
    }
    return p;
  }

  void set_entry(const CompiledPath::Step& step, const Value& value) {
    const SlotLayout& slot = *step.from;
    const Container at = container(slot);
    std::optional<Entry> last;  // which counts
    const Place end = for_entries(at, step, [&](const Entry& entry) { last = entry; });
    if (last) {
      patch(last->value, last->end, encode(Wire::protocol, value));
      return;
    }
    patch_header(at, slot, 1);
    Buffer bytes;
    encode(Wire::protocol, ValueView(*slot.key->type, step.key), bytes);
    encode(Wire::protocol, value, bytes);
    patch(end, end, bytes);
  }

  void erase_entries(const CompiledPath::Step& step) {
    const Container at = container(*step.from);
    std::int64_t n = 0;
    Entry last{};
    for_entries(at, step, [&](const Entry& entry) {
      ++n;
      last = entry;
    });
    if (n == 0) return;
    patch_header(at, *step.from, -n);
    if (n == 1) {
      patch(last.key, last.end, {});
    } else {  // No writer does that: once more is better than to keep them all.
      for_entries(at, step, [&](const Entry& entry) { patch(entry.key, entry.end, {}); });
    }
  }

  std::span<const std::byte> bytes_;
  const CompiledPath& path_;
  std::span<const CompiledPath::Step> steps_;
  std::span<const CompiledPath::Step> here_;  // the steps that the walk takes
  DecodeState state_;
  PathWalk<Wire> walk_;
  Buffer out_;
  Place from_;  // up to here the input is in out_
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
