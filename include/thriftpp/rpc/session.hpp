#pragma once

/// @file
/// `Session`: the server's side of one connection without its socket: the bytes that arrive in,
/// however they are cut, the bytes to send out. For event loops of one's own, and for tests.
///
/// *Detection.* Unless told, a session finds out from the first bytes how its client speaks, and
/// answers in kind for as long as the connection lasts:
///
///     80 01 ...                    binary, buffered
///     82 x1 ...                    compact, buffered
///     [1 ...                       JSON, buffered
///     length, then one of these    the same, framed
///     length, then a length        binary without version word (very old clients), framed
///     length, then a letter        the same without frames (PHP's clients, unless told)
///     length, then 0f ff           the header transport, whose frames name their protocol
///     length, length, then 0f ff   the same in frames once more, as some clients do
///     78 ...                       a zlib stream with any of the above in it
///     POST ...                     HTTP/1.1, with any of the above in each body
///     GET ... Upgrade: websocket   WebSocket, with any of the above as its messages
///
/// Anything else closes the connection: nobody there would understand an answer. Each of these can
/// be forbidden by `accept`.
///
/// Messages are answered one after the other, in the order in which they came, which is what
/// clients that send many at once (pipelining) rely on.
///
/// Threads: a session belongs to one thread; its Processor may serve many.

#include <functional>
#include <memory>
#include <optional>
#include <thriftpp/rpc/processor.hpp>
#include <thriftpp/transport/framing.hpp>

namespace thrift {

/// What a server understands; each can be switched off.
struct Accepted {
  bool plain = true;  ///< Messages that nothing carries: no HTTP, no zlib.
  bool http = true;
  bool http_calls = true;  ///< HTTP without WebSocket: each call a POST.
  bool websocket = true;   ///< By HTTP's upgrade.
  bool zlib = true;
  bool buffered = true;
  bool framed = true;
  bool header = true;
  bool binary = true;      ///< With its version word, as everybody writes it.
  bool old_binary = true;  ///< Without.
  bool compact = true;
  bool json = true;
};

struct SessionOptions {
  std::optional<Framing> framing{};      ///< Nothing: detect.
  std::optional<ProtocolId> protocol{};  ///< Nothing: detect.
  std::size_t max_frame = default_max_frame;
  std::size_t max_message = default_max_message;  ///< Of messages without frames, and of HTTP.
  Accepted accept{};
  /// Where there is one only SASL PLAIN is spoken, and it says whether a user and a password are
  /// right. Must not block for long.
  std::function<bool(std::string_view user, std::string_view password)> authenticate{};
  bool oneway_only = false;  ///< Refuse calls that expect a reply, as UDP does.
};

class THRIFTPP_API Session {
 public:
  explicit Session(const Processor& processor, const SessionOptions& options = {});
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Takes what arrived and appends to `out` what is to be sent. False: send `out`, then close.
  /// Never throws for what the client sends.
  bool receive(std::span<const std::byte> bytes, Buffer& out);
  /// Whether a message has begun and is not whole.
  [[nodiscard]] bool in_message() const noexcept;
  /// Why `receive` returned false; empty before.
  [[nodiscard]] const std::string& problem() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thrift
