#include <cstring>
#include <thriftpp/rpc/call.hpp>

#include "rpc/call_origin.hpp"
#include "rpc/envelope.hpp"

namespace thrift {

const Headers& Call::headers() const noexcept {
  static const Headers none;
  const rpc::MessageContext* const context = envelope_.origin->context;
  return context != nullptr ? context->request_headers() : none;
}

void Call::set_reply_header(std::string name, std::string value) {
  if (rpc::MessageContext* const context = envelope_.origin->context) {
    context->reply.emplace_back(std::move(name), std::move(value));
  }
}

const Field& Call::success() const {
  if (const Field* const field = function_.success()) return *field;
  throw TypeError('`' + std::string(function_.name()) +
                  "` returns nothing, and the handler replied with a value");
}

void Call::reply_view(ValueView value) {
  if (value.type().is_void() && function_.success() == nullptr) return reply_void();
  write_field(success(), value);
}

void Call::reply_literal(const Literal& value) {
  write_literal(success(), value);
}

void Call::write_literal(const Field& field, const Literal& value) {
  const SlotLayout& slot = field.type().slot();
  auto* const cell = static_cast<std::byte*>(arena_.allocate(slot.cell_size));
  std::memset(cell, 0, slot.cell_size);
  const BuildPath root;
  CellWriter writer(field.type(), cell, arena_, root);
  value.write(writer);
  write_field(field, {field.type(), cell});
}

void Call::reply_void() {
  write_result(nullptr, nullptr);
}

void Call::reply_exception(const Field& field, ValueView exception) {
  write_field(field, exception);
  exception_ = true;
}

void Call::write_field(const Field& field, ValueView value) {
  if (&value.type() != &field.type()) {  // of another schema, perhaps: check and copy
    return write_literal(field, Literal(value));
  }
  // The encoder only reads: the record may share the value's memory.
  const std::byte* const cell = value.cell();
  const bool is_record = field.layout().op == SlotOp::record;
  write_result(&field, is_record ? static_cast<const void*>(&cell) : cell);
}

void Call::write_result(const Field* field, const void* slot) {
  const StructType& type = function_.result();
  auto* const record = static_cast<std::byte*>(arena_.allocate(type.layout().size));
  clear_presence(record, type.layout());
  if (field != nullptr) {
    std::memcpy(record + field->layout().offset, slot, field->type().slot().field_size);
    set_bit(record, field->layout().bit);
  }
  out_.truncate(start_);
  replied_ = exception_ = false;
  rpc::write_envelope(envelope_.protocol,
                      {function_.name(), MessageType::reply, envelope_.sequence_id},
                      envelope_.old_style, out_);
  encode(envelope_.protocol, ValueView(type, record), out_, *envelope_.options);
  write_message_end(envelope_.protocol, out_);
  replied_ = true;
}

}  // namespace thrift
