#include "transport/websocket.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <wslay/wslay.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/base64.hpp"

namespace thrift::transport {

namespace {

std::string base64(std::span<const unsigned char> bytes) {
  std::string out(base64_size(bytes.size()), '\0');
  (void)write_base64(out.data(), reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return out;
}

// One direction's state of wslay's. What it sends goes to a buffer, what it receives comes from a
// view.
class Context {
 public:
  Context(WebSocketSide side, void* receiver, wslay_event_on_frame_recv_start_callback on_start,
          wslay_event_on_frame_recv_chunk_callback on_chunk)
      : receiver_(receiver) {
    const wslay_event_callbacks callbacks = {read,     write,   mask,   on_start,
                                             on_chunk, nullptr, nullptr};
    const int error = side == WebSocketSide::server
                          ? wslay_event_context_server_init(&context_, &callbacks, this)
                          : wslay_event_context_client_init(&context_, &callbacks, this);
    if (error != 0) throw std::bad_alloc();
    // Nothing is allocated for what was only announced: pieces are taken as they come.
    wslay_event_config_set_no_buffering(context_, 1);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { wslay_event_context_free(context_); }

  [[nodiscard]] void* receiver() const noexcept { return receiver_; }
  // The peer has said so, or has broken the protocol and was told.
  [[nodiscard]] bool closed() const noexcept {
    return wslay_event_get_close_received(context_) != 0 ||
           wslay_event_get_close_sent(context_) != 0 || wslay_event_get_read_enabled(context_) == 0;
  }
  // An error of wslay's, or 0. What it wants to say is said.
  int receive(std::span<const std::byte> bytes, Buffer& out) {
    in_ = bytes;
    const int error = wslay_event_recv(context_);
    flush(out);
    return error;
  }
  void send(std::uint8_t opcode, std::span<const std::byte> payload, Buffer& out) {
    const wslay_event_msg message = {opcode, reinterpret_cast<const std::uint8_t*>(payload.data()),
                                     payload.size()};
    const int error = wslay_event_queue_msg(context_, &message);
    if (error == WSLAY_ERR_NOMEM) throw std::bad_alloc();
    if (error != 0) throw CarrierError("the WebSocket is being closed");
    flush(out);
  }
  void close(std::uint16_t status, Buffer& out) {
    if (wslay_event_queue_close(context_, status, nullptr, 0) == 0) flush(out);
  }

 private:
  void flush(Buffer& out) {
    out_ = &out;
    const int error = wslay_event_send(context_);
    out_ = nullptr;
    if (error == WSLAY_ERR_NOMEM || error == WSLAY_ERR_CALLBACK_FAILURE) throw std::bad_alloc();
  }

  static ssize_t read(wslay_event_context_ptr context, std::uint8_t* into, std::size_t size, int,
                      void* user) {
    auto& self = *static_cast<Context*>(user);
    if (self.in_.empty()) {
      wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    const std::size_t n = std::min(size, self.in_.size());
    std::memcpy(into, self.in_.data(), n);
    self.in_ = self.in_.subspan(n);
    return static_cast<ssize_t>(n);
  }
  static ssize_t write(wslay_event_context_ptr context, const std::uint8_t* bytes, std::size_t size,
                       int, void* user) {
    try {
      static_cast<Context*>(user)->out_->append(bytes, size);
      return static_cast<ssize_t>(size);
    } catch (const std::bad_alloc&) {
      wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
      return -1;
    }
  }
  static int mask(wslay_event_context_ptr, std::uint8_t* into, std::size_t size, void*) {
    return RAND_bytes(into, static_cast<int>(size)) == 1 ? 0 : -1;
  }

  wslay_event_context_ptr context_ = nullptr;
  void* receiver_;
  std::span<const std::byte> in_;
  Buffer* out_ = nullptr;
};

// Two contexts: one thread may unwrap while another wraps.
class WebSocket final : public Carrier {
 public:
  explicit WebSocket(WebSocketSide side)
      : in_(side, this, on_start, on_chunk), out_(side, nullptr, nullptr, nullptr) {}

  Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& out) override {
    if (over_) return {bytes.size(), false};
    const std::size_t before = payload.size();
    std::size_t used = 0;
    payload_ = &payload;
    // Each message is answered by one, so that none may be taken along with the next: wslay gets no
    // bytes beyond the frame at hand.
    for (is_whole_ = false; used < bytes.size() && !over_ && !is_whole_;) {
      const std::uint64_t most = std::max<std::uint64_t>(left_, 1);
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes.size() - used));
      const int error = in_.receive(bytes.subspan(used, n), out);
      used += n;
      over_ = in_.closed();
      if (no_memory_ || error == WSLAY_ERR_NOMEM) throw std::bad_alloc();
      if (error != 0) throw CarrierError("bytes that are no WebSocket frames");
    }
    payload_ = nullptr;
    return {over_ ? bytes.size() : used, payload.size() != before};
  }

  void wrap(std::span<const std::byte> payload, const Headers& /*headers*/, Buffer& out) override {
    if (payload.empty()) return;
    const bool is_json = payload[0] == std::byte{'['};
    out_.send(is_json ? WSLAY_TEXT_FRAME : WSLAY_BINARY_FRAME, payload, out);
  }

  void refuse(std::string_view /*why*/, Buffer& out) override {
    out_.close(WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, out);
    over_ = true;
  }

  [[nodiscard]] bool in_message() const noexcept override { return is_data_ && left_ != 0; }
  [[nodiscard]] bool is_over() const noexcept override { return over_; }

 private:
  static WebSocket& self(void* user) {
    return *static_cast<WebSocket*>(static_cast<Context*>(user)->receiver());
  }
  static void on_start(wslay_event_context_ptr, const wslay_event_on_frame_recv_start_arg* frame,
                       void* user) {
    WebSocket& own = self(user);
    own.is_data_ = frame->opcode < WSLAY_CONNECTION_CLOSE;
    own.is_last_ = frame->fin != 0;
    own.left_ = frame->payload_length;
  }
  static void on_chunk(wslay_event_context_ptr context,
                       const wslay_event_on_frame_recv_chunk_arg* chunk, void* user) {
    WebSocket& own = self(user);
    own.left_ -= chunk->data_length;
    if (!own.is_data_) return;
    own.is_whole_ = own.is_last_ && own.left_ == 0;
    try {
      own.payload_->append(chunk->data, chunk->data_length);
    } catch (const std::bad_alloc&) {
      own.no_memory_ = true;
      wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    }
  }

  Context in_;  // and what answers pings
  Context out_;
  Buffer* payload_ = nullptr;  // while it unwraps
  bool is_data_ = false;       // the frame at hand
  bool is_last_ = false;       // of its message
  std::uint64_t left_ = 0;     // of it
  bool is_whole_ = false;      // a message is
  bool no_memory_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<Carrier> make_websocket(WebSocketSide side) {
  return std::make_unique<WebSocket>(side);
}

std::string make_websocket_key() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw CarrierError("no random numbers to be had");
  }
  return base64(bytes);
}

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, section 1.3
  std::array<unsigned char, 20> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw CarrierError("SHA-1 is not to be had");
  }
  return base64(digest);
}

}  // namespace thrift::transport
