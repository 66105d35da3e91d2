#pragma once

/// @file
/// `BasicProtocol<Reader, Writer>`: a Protocol from a reader and a writer of Thrift's tokens, as
/// every Thrift library has them (Apache: TProtocol's readFieldBegin and so on).
///
/// A struct is tokens between `struct_begin` and `struct_end`: for each field `field_begin`, its
/// value, `field_end`; then a field of type `stop` (for a writer: `write_field_stop`). A list, set
/// or map is its `begin` with types and size, that many values (of a map, key and value in turn),
/// its `end`. Functions of parts that the protocol writes nothing for are empty.
///
/// The reader is made anew for each value or message, from the bytes; the writer from the Buffer
/// that it appends to. The reader says by ProtocolError what is wrong with the bytes (kind,
/// problem, offset), and must never read past their end, nor allocate by a size that it has not
/// compared with what is left; everything else (limits, memory, paths, strictness) is seen to here.
/// Copying a reader keeps its place.
///
/// What BasicProtocol does not do: keep unknown fields (so that a Strictness's `field_type = keep`
/// is as `skip`), and look at `varint_overflow`: the reader gives numbers of the right size, and
/// what it does about larger ones is its own. Strings are always copied into the arena.

#include <cstring>
#include <optional>
#include <string>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/protocol/custom_protocol.hpp>
#include <thriftpp/protocol/token_stream.hpp>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/struct_type.hpp>
#include <thriftpp/value/validate.hpp>
#include <utility>
#include <vector>

namespace thrift {

namespace detail {

/// Skips values by their tokens.
template <TokenReader Reader>
class TokenSkipper {
 public:
  TokenSkipper(Reader& reader, const DecodeOptions& options) noexcept
      : in_(reader), options_(options) {}

  void skip(WireType type, std::uint32_t depth) {
    switch (type) {
      case WireType::bool_: (void)in_.read_bool(); return;
      case WireType::i8: (void)in_.read_i8(); return;
      case WireType::i16: (void)in_.read_i16(); return;
      case WireType::i32: (void)in_.read_i32(); return;
      case WireType::i64: (void)in_.read_i64(); return;
      case WireType::double_: (void)in_.read_double(); return;
      case WireType::uuid: (void)in_.read_uuid(); return;
      case WireType::string: check_string(std::string_view(in_.read_string()).size()); return;
      case WireType::struct_: return skip_struct(next(depth));
      case WireType::list: {
        depth = next(depth);
        const ListToken list = in_.read_list_begin();
        skip_elements(list, depth);
        return in_.read_list_end();
      }
      case WireType::set: {
        depth = next(depth);
        const ListToken set = in_.read_set_begin();
        skip_elements(set, depth);
        return in_.read_set_end();
      }
      case WireType::map: return skip_map(next(depth));
      default:
        fail(ProtocolErrorKind::invalid_data,
             "there is no wire type " + std::to_string(static_cast<unsigned>(type)));
    }
  }

  [[noreturn]] void fail(ProtocolErrorKind kind, const std::string& problem) const {
    throw ProtocolError(kind, problem, in_.position());
  }
  void check_string(std::size_t size) const {
    if (size > options_.max_string) {
      fail(ProtocolErrorKind::size_limit, "a string of " + std::to_string(size) +
                                              " bytes, the limit is " +
                                              std::to_string(options_.max_string));
    }
  }
  /// `least`: bytes that an element takes in any protocol.
  void check_container(std::uint32_t size, std::uint64_t least) const {
    if (size > options_.max_container) {
      fail(ProtocolErrorKind::size_limit, "a container of " + std::to_string(size) +
                                              " elements, the limit is " +
                                              std::to_string(options_.max_container));
    }
    if (size * least > in_.left()) {
      fail(ProtocolErrorKind::truncated, "a container of " + std::to_string(size) +
                                             " elements does not fit into the " +
                                             std::to_string(in_.left()) + " bytes that are left");
    }
  }
  [[nodiscard]] std::uint32_t next(std::uint32_t depth) const {
    if (depth == 0) {
      fail(ProtocolErrorKind::depth_limit,
           "nested deeper than " + std::to_string(options_.max_depth) + " levels");
    }
    return depth - 1;
  }

 private:
  void skip_struct(std::uint32_t depth) {
    in_.read_struct_begin();
    for (;;) {
      const FieldToken field = in_.read_field_begin();
      if (field.type == WireType::stop) break;
      skip(field.type, depth);
      in_.read_field_end();
    }
    in_.read_struct_end();
  }
  void skip_elements(const ListToken& list, std::uint32_t depth) {
    check_container(list.size, 1);
    for (std::uint32_t i = 0; i < list.size; ++i) skip(list.element, depth);
  }
  void skip_map(std::uint32_t depth) {
    const MapToken map = in_.read_map_begin();
    check_container(map.size, 2);
    for (std::uint32_t i = 0; i < map.size; ++i) {
      skip(map.key, depth);
      skip(map.value, depth);
    }
    in_.read_map_end();
  }

  Reader& in_;
  const DecodeOptions& options_;
};

/// Reads values of a schema into records.
template <TokenReader Reader>
class TokenDecoder {
 public:
  TokenDecoder(std::span<const std::byte> bytes, Arena& arena, const DecodeOptions& options)
      : in_(bytes), arena_(arena), options_(options), tools_(in_, options) {
    constexpr std::size_t base = std::size_t{64} * 1024;  // as DecodeOptions::max_memory says
    memory_left_ = options.max_memory != 0 ? options.max_memory : base + 64 * bytes.size();
  }

  Decoded decode(const Type& type) {
    try {
      std::byte* const cell = allocate(type.slot().cell_size);
      read(cell, type.slot(), options_.max_depth);
      // There is no field that could be left unset.
      if (left_out_) tools_.fail(ProtocolErrorKind::invalid_data, left_out_because_);
      return {ValueView(type, cell), in_.position()};
    } catch (const ProtocolError& error) {
      const auto* const detail = error.failure().template as<ProtocolErrorDetail>();
      throw ProtocolError(detail->kind, detail->problem, detail->offset, path(type));
    }
  }

 private:
  /// A level of where we are: a field, or an element.
  struct Step {
    const thrift::Field* field;
    std::uint32_t index;
  };

  [[nodiscard]] std::string path(const Type& root) const {
    std::string text(root.name());
    for (const Step& step : path_) {
      text += step.field != nullptr ? "." + std::string(step.field->name())
                                    : "[" + std::to_string(step.index) + "]";
    }
    return text;
  }

  template <class T>
  static void store(std::byte* cell, const T& value) noexcept {
    std::memcpy(cell, &value, sizeof(value));
  }
  std::byte* allocate(std::size_t size) {
    size = (size + 7) & ~std::size_t{7};  // what the arena gives away for it
    void* const memory = size > memory_left_ ? nullptr : arena_.try_allocate(size, 8);
    if (memory == nullptr) {
      tools_.fail(ProtocolErrorKind::size_limit, "the value takes more memory than it may");
    }
    memory_left_ -= size;
    return static_cast<std::byte*>(memory);
  }
  /// Whether the value that is being read is to be left out: then its cell is not written, and
  /// whoever holds it (a field, a container) asks take_left_out() when it has been read.
  bool odd(Reaction reaction, const std::string& problem) {
    if (reaction == Reaction::error) tools_.fail(ProtocolErrorKind::invalid_data, problem);
    left_out_ = reaction == Reaction::skip;
    if (left_out_) left_out_because_ = problem;
    return left_out_;
  }
  [[nodiscard]] bool take_left_out() noexcept { return std::exchange(left_out_, false); }

  void read(std::byte* cell, const SlotLayout& slot, std::uint32_t depth) {
    switch (slot.op) {
      case SlotOp::bool_: store(cell, in_.read_bool()); break;
      case SlotOp::i8: store(cell, in_.read_i8()); break;
      case SlotOp::i16: store(cell, in_.read_i16()); break;
      case SlotOp::i32: read_i32(cell, slot); break;
      case SlotOp::i64: store(cell, in_.read_i64()); break;
      case SlotOp::double_: store(cell, in_.read_double()); break;
      case SlotOp::string: read_string(cell, slot); break;
      case SlotOp::uuid: store(cell, in_.read_uuid()); break;
      case SlotOp::record: read_record(cell, *slot.record, tools_.next(depth)); break;
      case SlotOp::list:
      case SlotOp::set: read_list(cell, slot, tools_.next(depth)); break;
      case SlotOp::map: read_map(cell, slot, tools_.next(depth)); break;
      case SlotOp::void_: break;
    }
  }

  void read_i32(std::byte* cell, const SlotLayout& slot) {
    const std::int32_t number = in_.read_i32();
    if (options_.strictness.unknown_enum != Reaction::keep && slot.type->is_enum() &&
        slot.type->as_enum().find(number) == nullptr &&
        odd(options_.strictness.unknown_enum, "enum `" + std::string(slot.type->name()) +
                                                  "` has no value " + std::to_string(number))) {
      return;
    }
    store(cell, number);
  }

  void read_string(std::byte* cell, const SlotLayout& slot) {
    const bool is_binary = slot.type->kind() == TypeKind::binary;
    const std::string_view text =
        is_binary ? std::string_view(in_.read_binary()) : std::string_view(in_.read_string());
    tools_.check_string(text.size());
    if (!is_binary && options_.strictness.invalid_utf8 != Reaction::keep && !is_utf8(text) &&
        odd(options_.strictness.invalid_utf8, "the string is not UTF-8")) {
      return;
    }
    std::byte* const copy = allocate(text.size());
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    store(cell, StringSlot{reinterpret_cast<const char*>(copy), text.size()});
  }

  void read_record(std::byte* record, const StructLayout& layout, std::uint32_t depth) {
    clear_presence(record, layout);
    std::size_t members = 0;  // of a union: those that came, but for the one before once more
    in_.read_struct_begin();
    for (;;) {
      const FieldToken token = in_.read_field_begin();
      if (token.type == WireType::stop) break;
      members += read_field(record, layout, token, depth);
      in_.read_field_end();
    }
    in_.read_struct_end();
    for (std::uint16_t i = 0; i < layout.field_count; ++i) {
      const FieldLayout& field = layout.fields[i];
      if (options_.strictness.missing_required != Reaction::error || !is_required(layout, field) ||
          test_bit(record, field.bit)) {
        continue;
      }
      const thrift::Field& known = layout.type->fields()[field.index];
      path_.push_back({&known, 0});
      tools_.fail(ProtocolErrorKind::missing_field,
                  "required field `" + std::string(known.name()) + "` of `" +
                      std::string(layout.type->name()) + "` is missing");
    }
    if (layout.is_union && members != 1) {
      odd(options_.strictness.union_members, "union `" + std::string(layout.type->name()) +
                                                 "` has " + std::to_string(members) +
                                                 " members that are known");
    }
  }

  /// 1 where a field has been set that was not, else 0.
  unsigned read_field(std::byte* record, const StructLayout& layout, const FieldToken& token,
                      std::uint32_t depth) {
    const Strictness& strictness = options_.strictness;
    const FieldLayout* const field = layout.find(token.id);
    if (field == nullptr) return tools_.skip(token.type, depth), 0;
    path_.push_back({&layout.type->fields()[field->index], 0});
    const bool again = test_bit(record, field->bit);
    bool wanted = true;
    if (field->wire != token.type) {
      if (strictness.field_type == Reaction::error) {
        odd(Reaction::error, "the field is " + std::string(to_string(token.type)) + " here, not " +
                                 std::string(to_string(field->wire)));
      }
      wanted = false;
    } else if (again && strictness.duplicate_field != Reaction::keep) {
      if (strictness.duplicate_field == Reaction::error) {
        odd(Reaction::error, "the field comes twice");
      }
      wanted = false;
    }
    if (wanted) {
      wanted = read_set_field(record, layout, *field, depth);
    } else {
      tools_.skip(token.type, depth);
    }
    path_.pop_back();
    return wanted && !again ? 1 : 0;
  }

  /// False where the value is left out; what came before it stays.
  bool read_set_field(std::byte* record, const StructLayout& layout, const FieldLayout& field,
                      std::uint32_t depth) {
    std::byte* const cell = record + field.offset;
    const bool apart = field.op == SlotOp::record;  // behind a pointer
    std::byte* const child = apart ? allocate(field.slot->record->size) : cell;
    read(child, *field.slot, depth);
    if (take_left_out()) return false;
    if (apart) store(cell, child);
    if (layout.is_union) clear_presence(record, layout);
    set_bit(record, field.bit);
    return true;
  }

  /// Whether the container is to be left out.
  bool has_odd_type(std::string_view what, WireType wanted, WireType got) {
    return wanted != got && odd(options_.strictness.element_type,
                                "the " + std::string(what) + " are " + std::string(to_string(got)) +
                                    " on the wire, not " + std::string(to_string(wanted)));
  }
  /// Where a container starts that may have to be passed over by what its header says.
  [[nodiscard]] std::optional<Reader> container_start() const {
    if (options_.strictness.element_type != Reaction::skip) return std::nullopt;
    return in_;
  }
  void pass_over(const std::optional<Reader>& start, const SlotLayout& slot, std::uint32_t depth) {
    in_ = *start;
    tools_.skip(slot.wire, depth + 1);
  }

  std::byte* new_cells(std::byte* cell, const SlotLayout& slot, std::uint32_t size) {
    std::memset(cell, 0, slot.op == SlotOp::list ? sizeof(ListSlot) : sizeof(HashedSlot));
    if (size == 0) return nullptr;
    std::byte* const data = allocate(std::size_t{size} * slot.entry_size);
    store(cell, ListSlot{data, size, size});
    return data;
  }

  void read_list(std::byte* cell, const SlotLayout& slot, std::uint32_t depth) {
    const bool is_set = slot.op == SlotOp::set;
    const SlotLayout& element = *slot.element;
    const std::optional<Reader> start = container_start();
    const ListToken list = is_set ? in_.read_set_begin() : in_.read_list_begin();
    if (list.size != 0 && has_odd_type("elements", element.wire, list.element)) {
      return pass_over(start, slot, depth);
    }
    tools_.check_container(list.size, element.min_wire_size);
    std::byte* const data = new_cells(cell, slot, list.size);
    std::byte* at = data;
    std::uint32_t left_out = 0;
    if (list.size != 0) path_.push_back({nullptr, 0});
    for (std::uint32_t i = 0; i < list.size; ++i) {
      path_.back().index = i;
      read(at, element, depth);
      if (take_left_out()) {
        ++left_out;
      } else {
        at += element.cell_size;
      }
    }
    if (list.size != 0) path_.pop_back();
    if (left_out != 0) store(cell, ListSlot{data, list.size - left_out, list.size});
    if (is_set) {
      in_.read_set_end();
    } else {
      in_.read_list_end();
    }
  }

  void read_map(std::byte* cell, const SlotLayout& slot, std::uint32_t depth) {
    const std::optional<Reader> start = container_start();
    const MapToken map = in_.read_map_begin();
    if (map.size != 0 && (has_odd_type("keys", slot.key->wire, map.key) ||
                          has_odd_type("values", slot.element->wire, map.value))) {
      return pass_over(start, slot, depth);
    }
    tools_.check_container(map.size, slot.key->min_wire_size + slot.element->min_wire_size);
    std::byte* const data = new_cells(cell, slot, map.size);
    std::byte* entry = data;
    std::uint32_t left_out = 0;
    for (std::uint32_t i = 0; i < map.size; ++i) {
      read(entry, *slot.key, depth);
      const bool without_key = take_left_out();
      read(entry + slot.value_offset, *slot.element, depth);
      if (take_left_out() || without_key) {
        ++left_out;
      } else {
        entry += slot.entry_size;
      }
    }
    if (left_out != 0) store(cell, ListSlot{data, map.size - left_out, map.size});
    in_.read_map_end();
  }

  Reader in_;
  Arena& arena_;
  const DecodeOptions& options_;
  TokenSkipper<Reader> tools_;
  std::size_t memory_left_;
  bool left_out_ = false;
  std::string left_out_because_;
  std::vector<Step> path_;
};

/// Writes values as tokens.
template <TokenWriter Writer>
class TokenEncoder {
 public:
  TokenEncoder(Buffer& out, const EncodeOptions& options) : out_(out), options_(options) {}

  void write(ValueView value, std::uint32_t depth) {
    const Type& type = value.type();
    switch (type.kind()) {
      case TypeKind::bool_: return out_.write_bool(value.as<bool>());
      case TypeKind::i8: return out_.write_i8(value.as<std::int8_t>());
      case TypeKind::i16: return out_.write_i16(value.as<std::int16_t>());
      case TypeKind::i32:
      case TypeKind::enum_: return out_.write_i32(value.as<std::int32_t>());
      case TypeKind::i64: return out_.write_i64(value.as<std::int64_t>());
      case TypeKind::double_: return out_.write_double(value.as<double>());
      case TypeKind::string: return out_.write_string(value.as<std::string_view>());
      case TypeKind::binary: return out_.write_binary(value.as<std::string_view>());
      case TypeKind::uuid: return out_.write_uuid(value.as<Uuid>());
      case TypeKind::struct_:
      case TypeKind::union_:
      case TypeKind::exception: return write_record(value, next(depth));
      case TypeKind::list:
      case TypeKind::set: return write_list(value, next(depth));
      case TypeKind::map: return write_map(value, next(depth));
      case TypeKind::void_: return;
    }
  }

 private:
  [[nodiscard]] std::uint32_t next(std::uint32_t depth) const {
    if (depth == 0) {
      throw TypeError("nested deeper than " + std::to_string(options_.max_depth) + " levels");
    }
    return depth - 1;
  }

  void write_record(ValueView value, std::uint32_t depth) {
    const StructType& type = value.type().as_struct();
    out_.write_struct_begin();
    const auto write_field = [&](const Field& field) {
      // Required ones always: values that the IDL itself has, and those of code, may lack them.
      const bool wanted = field.is_required() || (options_.write_unset_defaults &&
                                                  field.requiredness() == Requiredness::default_);
      const bool defaulted = wanted && field.has_default() && !type.is_union();
      if (!value.has(field) && !defaulted) return;
      out_.write_field_begin({field.type().slot().wire, field.id()});
      write(value[field], depth);
      out_.write_field_end();
    };
    if (options_.field_order == EncodeOptions::FieldOrder::declared) {
      for (const Field& field : type.fields()) write_field(field);
    } else {
      const StructLayout& layout = type.layout();
      for (std::uint16_t i = 0; i < layout.field_count; ++i) {
        write_field(type.fields()[layout.fields[i].index]);
      }
    }
    out_.write_field_stop();
    out_.write_struct_end();
  }

  void write_list(ValueView value, std::uint32_t depth) {
    const ContainerType& type = value.type().as_container();
    const bool is_set = type.kind() == TypeKind::set;
    const ListToken token{type.element().slot().wire, static_cast<std::uint32_t>(value.size())};
    if (is_set) {
      out_.write_set_begin(token);
    } else {
      out_.write_list_begin(token);
    }
    for (const ValueView element : value.as_list()) write(element, depth);
    if (is_set) {
      out_.write_set_end();
    } else {
      out_.write_list_end();
    }
  }

  void write_map(ValueView value, std::uint32_t depth) {
    const ContainerType& type = value.type().as_container();
    out_.write_map_begin({type.key().slot().wire, type.element().slot().wire,
                          static_cast<std::uint32_t>(value.size())});
    for (const auto [key, element] : value.as_map()) {
      write(key, depth);
      write(element, depth);
    }
    out_.write_map_end();
  }

  Writer out_;
  const EncodeOptions& options_;
};

}  // namespace detail

template <TokenReader Reader, TokenWriter Writer>
class BasicProtocol final : public Protocol {
 public:
  explicit BasicProtocol(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

  [[nodiscard]] Decoded decode_prefix(std::span<const std::byte> bytes, const Type& type,
                                      Arena& arena, const DecodeOptions& options) const override {
    return detail::TokenDecoder<Reader>(bytes, arena, options).decode(type);
  }

  void encode(ValueView value, Buffer& out, const EncodeOptions& options) const override {
    validate(value);
    const std::size_t before = out.size();
    try {
      detail::TokenEncoder<Writer>(out, options).write(value, options.max_depth);
    } catch (...) {
      out.truncate(before);
      throw;
    }
  }

  [[nodiscard]] std::size_t skip(std::span<const std::byte> bytes, WireType type,
                                 const DecodeOptions& options) const override {
    Reader reader(bytes);
    detail::TokenSkipper<Reader>(reader, options).skip(type, options.max_depth);
    return reader.position();
  }

  [[nodiscard]] ReadHeader read_message_header(std::span<const std::byte> bytes,
                                               const HeaderOptions& options) const override {
    Reader reader(bytes);
    const MessageHeader header = reader.read_message_begin();
    if (header.name.size() > options.max_name) {
      throw ProtocolError(ProtocolErrorKind::size_limit,
                          "a method's name of " + std::to_string(header.name.size()) +
                              " bytes, the limit is " + std::to_string(options.max_name),
                          reader.position());
    }
    return {header, reader.position()};
  }
  void write_message_header(const MessageHeader& header, Buffer& out) const override {
    Writer(out).write_message_begin(header);
  }
  void write_message_end(Buffer& out) const override { Writer(out).write_message_end(); }

 private:
  std::string name_;
};

}  // namespace thrift
