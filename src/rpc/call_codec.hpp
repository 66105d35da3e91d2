#pragma once

// What a client's calls and their replies look like: from arguments to bytes, and from bytes to a
// result or an error.

#include <thriftpp/rpc/client.hpp>

#include "rpc/async_call.hpp"
#include "rpc/reply_stream.hpp"

namespace thrift::rpc {

class CallCodec {
 public:
  CallCodec(Endpoint endpoint, ClientOptions options);

  [[nodiscard]] const ClientFormat& format() const noexcept { return format_; }
  [[nodiscard]] Splitter::Limits limits() const noexcept {
    return {options_.max_frame, options_.max_message};
  }
  // Whether the peer answers a call of `function`, if only with nothing: to everything that HTTP
  // carries there is a response.
  [[nodiscard]] bool has_answer(const Function& function) const noexcept {
    return !function.is_oneway() || format_.carriage == Carriage::http;
  }

  // Appends the whole message in its frame. Throws TypeError or TransportError (bad_args).
  void encode(const Function& function, ValueView arguments, std::int32_t sequence_id,
              const Headers& headers, Buffer& out) const;
  // The same with bytes that another hand appends: the struct of the arguments, in the protocol
  // that it is told.
  using WriteArguments = std::function<void(ProtocolId protocol, Buffer& out)>;
  void encode(const Function& function, const WriteArguments& write_arguments,
              std::int32_t sequence_id, const Headers& headers, Buffer& out) const;
  // The result. Throws what Client::call throws for replies; `strange` is set where the peer
  // answered something else than it was asked, and is not to be trusted any more.
  [[nodiscard]] Value read_reply(const Function& function, Reply& reply, const Endpoint& peer,
                                 bool& strange) const;
  // The struct that the reply's message holds, as it was sent: a result, or an exception.
  [[nodiscard]] RawReply read_raw_reply(const Function& function, Reply& reply,
                                        const Endpoint& peer, bool& strange) const;

 private:
  template <class Write>
  void encode_framed(const Function& function, const Write& write_arguments,
                     std::int32_t sequence_id, const Headers& headers, Buffer& out) const;
  template <class Write>
  void encode_message(const Function& function, const Write& write_arguments,
                      std::int32_t sequence_id, Buffer& out) const;
  // The body of a reply whose envelope is right, and whether it is an exception.
  std::span<const std::byte> open_reply(const Function& function, ProtocolId protocol,
                                        std::span<const std::byte> message, const Endpoint& peer,
                                        bool& strange, bool& is_exception) const;
  void check_frame(const Function& function, std::size_t size) const;

  Endpoint endpoint_;  // the first one, for errors; how to speak is the same for all
  ClientOptions options_;
  ClientFormat format_;
};

}  // namespace thrift::rpc
