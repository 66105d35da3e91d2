#include "transport/sasl.hpp"

#include "transport/handshake.hpp"

namespace thrift::transport {

namespace {

enum class Status : std::uint8_t { start = 1, ok = 2, bad = 3, error = 4, complete = 5 };

constexpr std::size_t sasl_head_size = 5;
// Of a negotiation's message; names and passwords are no longer.
constexpr std::uint32_t max_sasl_message = 64 * 1024;

std::uint32_t read_u32(std::span<const std::byte> bytes) {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < 4; ++i) n = n << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return n;
}

void append_u32(std::size_t n, Buffer& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(n >> shift & 0xff));
  }
}

void append_message(Status status, std::string_view text, Buffer& out) {
  out.push_back(static_cast<std::byte>(status));
  append_u32(text.size(), out);
  out.append(text);
}

class SaslServer final : public Carrier {
 public:
  explicit SaslServer(Authenticate authenticate) : authenticate_(std::move(authenticate)) {}

  Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& out) override {
    Taken taken;
    while (!let_in_) {
      const std::span<const std::byte> rest = bytes.subspan(taken.used);
      begun_ = !rest.empty();
      if (over_ || rest.size() < sasl_head_size) return taken;
      const std::uint32_t size = read_u32(rest.subspan(1));
      if (size > max_sasl_message)
        throw CarrierError("a SASL message of " + std::to_string(size) + " bytes");
      if (rest.size() < sasl_head_size + size) return taken;
      const std::span<const std::byte> text = rest.subspan(sasl_head_size, size);
      negotiate(static_cast<Status>(rest[0]),
                {reinterpret_cast<const char*>(text.data()), text.size()}, out);
      taken.used += sasl_head_size + size;
    }
    begun_ = false;
    const std::span<const std::byte> rest = bytes.subspan(taken.used);
    payload.append(rest);
    taken.used = bytes.size();
    taken.payload = !rest.empty();
    return taken;
  }

  // What follows are messages in frames, like any others.
  void wrap(std::span<const std::byte> payload, const Headers& /*headers*/, Buffer& out) override {
    out.append(payload);
  }

  [[nodiscard]] bool in_message() const noexcept override { return begun_; }
  [[nodiscard]] bool in_header() const noexcept override { return !let_in_; }
  [[nodiscard]] bool is_over() const noexcept override { return over_; }
  [[nodiscard]] const Headers& headers() const noexcept override { return headers_; }

 private:
  void negotiate(Status status, std::string_view text, Buffer& out) {
    if (!started_) {
      if (status != Status::start) throw CarrierError("a connection that does not begin with SASL");
      if (text != "PLAIN") return refuse_client(Status::bad, "only PLAIN is spoken here", out);
      started_ = true;
      return;
    }
    if (status != Status::ok && status != Status::complete)
      throw CarrierError("SASL: the client gave up");
    const std::size_t first = text.find('\0');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\0', first + 1);
    if (second == std::string_view::npos)
      return refuse_client(Status::bad, "no PLAIN response", out);
    const std::string user(text.substr(first + 1, second - first - 1));
    if (!authenticate_(user, text.substr(second + 1))) {
      return refuse_client(Status::bad, "the user or the password is wrong", out);
    }
    append_message(Status::complete, {}, out);
    headers_ = {{"sasl-user", user}};
    let_in_ = true;
  }
  void refuse_client(Status status, std::string_view why, Buffer& out) {
    append_message(status, why, out);
    over_ = true;
  }

  Authenticate authenticate_;
  bool started_ = false;
  bool let_in_ = false;
  bool over_ = false;
  bool begun_ = false;  // a message of the negotiation
  Headers headers_;
};

}  // namespace

std::unique_ptr<Carrier> make_sasl_server(Authenticate authenticate) {
  return std::make_unique<SaslServer>(std::move(authenticate));
}

void authenticate_client(Socket& socket, const Endpoint& endpoint, std::string_view password,
                         const Deadline& deadline) {
  Buffer out;
  append_message(Status::start, "PLAIN", out);
  std::string response(1, '\0');
  response += endpoint.user;
  response += '\0';
  response += password;
  append_message(Status::ok, response, out);
  write_all(socket, out, endpoint, deadline);
  for (;;) {
    Buffer head;
    read_exactly(socket, sasl_head_size, head, endpoint, deadline);
    const std::uint32_t size = read_u32(head.bytes().subspan(1));
    if (size > max_sasl_message) {
      fail(TransportErrorKind::corrupted_data, endpoint, "the server does not speak SASL", true);
    }
    Buffer text;
    read_exactly(socket, size, text, endpoint, deadline);
    switch (static_cast<Status>(head.bytes()[0])) {
      case Status::complete: return;
      case Status::ok:  // a challenge, which PLAIN has none of: nothing is to be said
        out.clear();
        append_message(Status::ok, {}, out);
        write_all(socket, out, endpoint, deadline);
        break;
      case Status::bad:
      case Status::error:
        fail(TransportErrorKind::bad_args, endpoint, "SASL: refused: " + std::string(text.text()),
             true);
      default:
        fail(TransportErrorKind::corrupted_data, endpoint, "the server does not speak SASL", true);
    }
  }
}

}  // namespace thrift::transport
