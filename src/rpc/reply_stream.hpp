#pragma once

// The client's reading side of one connection without its socket: bytes in, replies out.

#include <chrono>
#include <thriftpp/transport/headers.hpp>

#include "rpc/client_problem.hpp"
#include "rpc/splitter.hpp"

namespace thrift::rpc {

// HTTP answers a oneway call too; but there are servers of Apache's that never do. A caller who
// wants no result waits no longer than this.
inline constexpr std::chrono::milliseconds oneway_patience{1000};

// One reply, with the memory that it lies in.
struct Reply {
  ProtocolId protocol = ProtocolId::binary;
  Buffer bytes;
  std::size_t start = 0;  // of the message in `bytes`
  std::size_t size = 0;   // 0: an answer without a message, as HTTP has it for oneway calls
  Headers headers;
};

class ReplyStream {
 public:
  // `carrier` may be nullptr; it must live as long.
  ReplyStream(const ClientFormat& format, const Splitter::Limits& limits,
              transport::Carrier* carrier);

  // Where bytes that arrive go, as many as are useful; then how many came.
  [[nodiscard]] std::span<std::byte> space();
  void received(std::size_t n) { (carrier_ != nullptr ? raw_ : input_).commit(n); }
  // The peer sends no more: true where that ended a reply, which next() then gives.
  [[nodiscard]] bool end();

  enum class Next : std::uint8_t { nothing, message, exchange };
  // The next reply that is whole: into `reply`, and its sequence id. `exchange`: the peer answered
  // the only call that runs, with `reply` or without a message. What the peer is to be told at once
  // is appended to `out`. Throws ProtocolError, CarrierError, ApplicationError.
  [[nodiscard]] Next next(Reply& reply, std::int32_t& sequence_id, Buffer& out);

  // Whether something has begun that is not whole.
  [[nodiscard]] bool in_reply() const noexcept;
  // Whether the peer closes the connection, or wants it closed, after the last reply.
  [[nodiscard]] bool is_over() const noexcept { return carrier_ != nullptr && carrier_->is_over(); }

 private:
  bool next_message(Reply& reply, std::int32_t& sequence_id);
  Next next_carried(Reply& reply, std::int32_t& sequence_id, Buffer& out);
  Next next_exchange(Reply& reply, std::int32_t& sequence_id);
  void drop_used() noexcept;
  void check_framing() const;

  Splitter splitter_;
  transport::Carrier* const carrier_;
  Buffer raw_;  // with a carrier: bytes not yet unwrapped
  Buffer input_;
  std::size_t used_ = 0;  // of input_
  Buffer unpacked_;       // a message that came compressed
  bool ended_ = false;    // the peer has closed, and that ended its last response
};

}  // namespace thrift::rpc
