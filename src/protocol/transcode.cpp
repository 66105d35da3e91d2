#include <thriftpp/protocol/transcode.hpp>
#include <thriftpp/schema/service.hpp>
#include <thriftpp/schema/struct_type.hpp>

#include "protocol/binary_walk.hpp"
#include "protocol/codec.hpp"
#include "protocol/compact_walk.hpp"
#include "protocol/tokens_compact.hpp"
#include "protocol/tokens_tjson.hpp"
#include "protocol/transcoder.hpp"

namespace thrift {
namespace {

using tokens::BinaryReader;
using tokens::BinaryWriter;
using tokens::CompactReader;
using tokens::CompactWriter;
using tokens::Place;
using tokens::TjsonReader;
using tokens::TjsonWriter;
using tokens::Transcoder;

/// What is to be done, whatever the protocols.
struct Task {
  WireType type;
  const SlotLayout* slot;  // nullptr without a schema
  const TranscodeOptions& options;
  std::size_t offset = 0;  // of the input in the message that it is the body of
};

Place skip_value(ProtocolId protocol, DecodeState& state, Place p, WireType type) {
  switch (protocol) {
    case ProtocolId::binary: return binary::skip(state, p, type, state.max_depth());
    case ProtocolId::compact: return compact::skip(state, p, type, state.max_depth());
    case ProtocolId::json: return tjson::skip(state, p, type, state.max_depth());
  }
  no_codec(protocol).raise();
}

/// Where a value of a known type ends, found as fast as can be. nullptr where it is wrong, and
/// where a quick look does not tell.
Place quick_end(ProtocolId protocol, DecodeState& state, const Task& task) {
  const Place begin = state.begin();
  if (task.options.check_utf8) return nullptr;
  switch (protocol) {
    case ProtocolId::binary:
      return binary::Wire::skip_slot(state, begin, *task.slot, state.max_depth());
    case ProtocolId::compact:
      return compact::Wire::skip_slot(state, begin, *task.slot, state.max_depth());
    case ProtocolId::json: return nullptr;  // base64 counts by what it stands for, and may be none
  }
  no_codec(protocol).raise();
}

/// What stands between a protocol and itself where it is not enough to copy.
template <class Reader>
using Between = std::conditional_t<Reader::protocol == ProtocolId::binary,
                                   std::pair<CompactReader, CompactWriter>,
                                   std::pair<BinaryReader, BinaryWriter>>;

/// Where the value ends, found by transcoding it to nowhere: what is wrong is told just as on the
/// way to another protocol.
template <class Reader>
Place checked_end(DecodeState& state, const Task& task, bool& mended) {
  FunctionSink nowhere([](std::span<const std::byte> /*piece*/) {});
  Buffer piece;
  Output output(piece, nowhere);
  Transcoder<Reader, typename Between<Reader>::second_type> there(state, output, task.options);
  const Place end = there.run(task.type, state.max_depth(), task.slot);
  mended = there.has_mended();
  return end;
}

/// Headers lie about what the schema knows. Copied they would lie to readers that believe them, so
/// the value goes to another protocol and back: slow, but rare.
template <class Reader, class Writer>
Place mend(DecodeState& state, Output& output, const Task& task) {
  Buffer other;
  Output to_other(other);
  const Place end =
      Transcoder<Reader, typename Between<Reader>::second_type>(state, to_other, task.options)
          .run(task.type, state.max_depth(), task.slot);
  if (end == nullptr) return nullptr;
  const DecodeOptions no_limits{.max_depth = state.max_depth()};
  DecodeState back(other.bytes(), no_limits);
  if (Transcoder<typename Between<Reader>::first_type, Writer>(back, output, task.options)
          .run(task.type, back.max_depth(), task.slot) == nullptr) {
    back.failure({}).raise();
  }
  return end;
}

/// The same protocol: checked, and copied as it is.
template <class Reader, class Writer>
Place copy(DecodeState& state, Output& output, const Task& task) {
  const Place begin = state.begin();
  Place end = nullptr;
  if (task.slot == nullptr && !task.options.check_utf8) {
    end = skip_value(Reader::protocol, state, begin, task.type);
  } else {
    end = quick_end(Reader::protocol, state, task);
    if (end == nullptr) {
      bool mended = false;
      end = checked_end<Reader>(state, task, mended);
      if (end != nullptr && mended) return mend<Reader, Writer>(state, output, task);
    }
  }
  if (end == nullptr) return nullptr;
  std::byte* q = output.start();
  for (Place p = begin; p != end;) {
    const std::size_t n = std::min(static_cast<std::size_t>(end - p), sink_piece);
    q = output.room(q, n);
    std::memcpy(q, p, n);
    q += n;
    p += n;
  }
  output.finish(q);
  return end;
}

template <class Reader, class Writer>
Place run(DecodeState& state, Output& output, const Task& task) {
  if constexpr (Reader::protocol == Writer::protocol) {
    return copy<Reader, Writer>(state, output, task);
  } else {
    return Transcoder<Reader, Writer>(state, output, task.options)
        .run(task.type, state.max_depth(), task.slot);
  }
}

template <class Reader>
Place run_from(DecodeState& state, ProtocolId to, Output& output, const Task& task) {
  switch (to) {
    case ProtocolId::binary: return run<Reader, BinaryWriter>(state, output, task);
    case ProtocolId::compact: return run<Reader, CompactWriter>(state, output, task);
    case ProtocolId::json: return run<Reader, TjsonWriter>(state, output, task);
  }
  no_codec(to).raise();
}

Place run_any(ProtocolId from, DecodeState& state, ProtocolId to, Output& output,
              const Task& task) {
  switch (from) {
    case ProtocolId::binary: return run_from<BinaryReader>(state, to, output, task);
    case ProtocolId::compact: return run_from<CompactReader>(state, to, output, task);
    case ProtocolId::json: return run_from<TjsonReader>(state, to, output, task);
  }
  no_codec(from).raise();
}

/// The failure of bytes that stand so far behind the start of what the caller has.
Failure moved(const Failure& failure, std::size_t offset) {
  const auto* const detail = failure.as<ProtocolErrorDetail>();
  if (offset == 0 || detail == nullptr) return failure;
  return make_failure<ProtocolErrorDetail>(detail->kind, detail->problem, detail->offset + offset,
                                           detail->path);
}

std::size_t transcode_value(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                            Output& output, const Task& task, std::string_view root) {
  DecodeOptions limits{.max_depth = task.options.max_depth,
                       .max_string = task.options.max_string,
                       .max_container = task.options.max_container};
  // What is quickly looked through is to be copied: its headers must not lie.
  limits.strictness.element_type = Reaction::error;
  DecodeState state(bytes, limits);
  const Place end = run_any(from, state, to, output, task);
  if (end == nullptr) moved(state.failure(root), task.offset).raise();
  const auto consumed = static_cast<std::size_t>(end - state.begin());
  if (consumed != bytes.size() && !task.options.allow_trailing) {
    const std::size_t left = bytes.size() - consumed;
    throw ProtocolError(
        ProtocolErrorKind::trailing_bytes,
        std::to_string(left) + (left == 1 ? " byte is" : " bytes are") + " left behind the value",
        task.offset + consumed);
  }
  return consumed;
}

std::size_t run_into(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to, Buffer& out,
                     const Task& task, std::string_view root) {
  const std::size_t before = out.size();
  Output output(out);
  try {
    return transcode_value(from, bytes, to, output, task, root);
  } catch (...) {
    out.truncate(before);
    throw;
  }
}

std::size_t run_into(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to, Sink& out,
                     const Task& task, std::string_view root) {
  Buffer piece;
  Output output(piece, out);
  return transcode_value(from, bytes, to, output, task, root);
}

}  // namespace

std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                      WireType type, Buffer& out, const TranscodeOptions& options) {
  return run_into(from, bytes, to, out, {type, nullptr, options}, {});
}

std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                      const Type& type, Buffer& out, const TranscodeOptions& options) {
  return run_into(from, bytes, to, out, {type.slot().wire, &type.slot(), options}, type.name());
}

std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                      WireType type, Sink& out, const TranscodeOptions& options) {
  return run_into(from, bytes, to, out, {type, nullptr, options}, {});
}

std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                      const Type& type, Sink& out, const TranscodeOptions& options) {
  return run_into(from, bytes, to, out, {type.slot().wire, &type.slot(), options}, type.name());
}

namespace {

/// What a message's struct is, or nullptr.
const Type* message_type(const MessageHeader& header, const Service* service) {
  if (header.type == MessageType::exception) return &application_exception_type();
  if (service == nullptr) return nullptr;
  const std::size_t colon = header.name.rfind(':');
  const Function* const function = service->find_function(
      colon == std::string_view::npos ? header.name : header.name.substr(colon + 1));
  if (function == nullptr) return nullptr;
  return header.type == MessageType::reply ? &function->result() : &function->arguments();
}

/// The parts of a message go one after the other to where `out` is.
template <class Out>
void message_parts(ProtocolId from, std::span<const std::byte> message, ProtocolId to,
                   const Service* service, Out& out, const TranscodeOptions& options) {
  const ReadHeader read = read_message_header(from, message);
  const std::span<const std::byte> body = message_body(from, message, read);
  const auto write = [&out](const Buffer& part) {
    if constexpr (std::is_same_v<Out, Buffer>) {
      out.append(part.bytes());
    } else if (!part.empty()) {
      out.write(part.bytes());
    }
  };
  Buffer envelope;
  write_message_header(to, read.header, envelope);
  write(envelope);
  TranscodeOptions whole = options;
  whole.allow_trailing = false;
  const Type* const type = message_type(read.header, service);
  const Task task{.type = WireType::struct_,
                  .slot = type == nullptr ? nullptr : &type->slot(),
                  .options = whole,
                  .offset = read.size};
  run_into(from, body, to, out, task, type == nullptr ? std::string_view() : type->name());
  envelope.clear();
  write_message_end(to, envelope);
  write(envelope);
}

}  // namespace

void transcode_message(ProtocolId from, std::span<const std::byte> message, ProtocolId to,
                       const Service* service, Buffer& out, const TranscodeOptions& options) {
  const std::size_t before = out.size();
  try {
    message_parts(from, message, to, service, out, options);
  } catch (...) {
    out.truncate(before);
    throw;
  }
}

void transcode_message(ProtocolId from, std::span<const std::byte> message, ProtocolId to,
                       const Service* service, Sink& out, const TranscodeOptions& options) {
  message_parts(from, message, to, service, out, options);
}

}  // namespace thrift
