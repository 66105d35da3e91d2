#pragma once

// The heart of the server's side: from a message's bytes to a handler, and back to the reply's.
// Two steps, so that a server can put what lies between them onto another thread.

#include <thriftpp/rpc/processor.hpp>
#include <unordered_map>
#include <vector>

#include "rpc/application_exception.hpp"

namespace thrift::rpc {

struct MessageContext;
struct CallOrigin;
struct Deferred;
class Deferral;

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  Dispatcher(SchemaPtr schema, std::string_view service, ProcessorOptions options);

  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] const SchemaPtr& schema() const noexcept { return schema_; }
  [[nodiscard]] const ProcessorOptions& options() const noexcept { return options_; }

  void set(const Function& function, Handler handler, const HandlerOptions& options);
  void set_any(Handler handler, const HandlerOptions& options);
  void add_middleware(Middleware middleware) { middleware_.push_back(std::move(middleware)); }
  [[nodiscard]] std::vector<const Function*> missing() const;
  // Other services of the same port, for multiplexed clients, by the name that stands before the
  // method's. All that is asked about them is asked of them, too.
  void add(std::string name, std::shared_ptr<const Dispatcher> other);
  // Whether any handler wants worker threads.
  [[nodiscard]] bool has_blocking() const noexcept;

  struct Entry {
    const Function* function;
    Handler handler;  // empty: on_any's, if there is one
    HandlerOptions options;
  };
  // A message whose envelope has been read; views its bytes.
  struct Incoming {
    const Dispatcher* service;  // whose method it is
    MessageHeader header;
    std::string_view method;  // without the service's name
    const Entry* entry;       // nullptr: no such method
    std::span<const std::byte> message;
    std::span<const std::byte> body;
    ProtocolId protocol;
    std::string_view unknown_service;  // that the message asks for, and nobody has
  };
  // Throws ProtocolError where the envelope cannot be read; `strict` as in HeaderOptions.
  [[nodiscard]] Incoming begin(ProtocolId protocol, std::span<const std::byte> message,
                               bool strict = false) const;
  [[nodiscard]] bool is_blocking(const Incoming& incoming) const noexcept;
  enum class Outcome : std::uint8_t {
    reply,
    nothing,   // oneway
    deferred,  // somebody has a DeferredCall
  };
  // Calls the handler and appends the reply to `out`, if there is one. Resets `arena`. `context`
  // and `deferral` may be nullptr; without the latter deferred calls are waited for.
  static Outcome run(const Incoming& incoming, MessageContext* context, Deferral* deferral,
                     Arena& arena, Buffer& out) {
    return incoming.service->run_own(incoming, context, deferral, arena, out);
  }

  // For Call::defer and DeferredCall: a Call in memory of its own; its answer, false where none is
  // to be sent.
  [[nodiscard]] std::unique_ptr<Call> make_deferred(Deferred& deferred) const;
  bool answer_deferred(Deferred& deferred, const Handler& step) const;

 private:
  using Problem = std::optional<ApplicationProblem>;
  // How a call ended, as far as events tell it.
  struct End {
    bool deferred = false;
    bool exception = false;
  };
  // What goes wrong is returned, to be answered with.
  Problem answer(CallOrigin& origin, bool expects_reply, Arena& arena, Buffer& out, End& end) const;
  Outcome run_own(const Incoming& incoming, MessageContext* context, Deferral* deferral,
                  Arena& arena, Buffer& out) const;
  Problem call_handler(const Handler& handler, Call& call, bool with_middleware) const;
  void run_handler(const Handler& handler, Call& call, std::size_t middleware) const;
  // Puts the TApplicationException in the reply's place, where there is a problem.
  void write_problem(const Incoming& incoming, const ApplicationProblem& problem, std::size_t start,
                     Buffer& out) const;
  void check_size(const Incoming& incoming, std::size_t size, Problem& problem) const;
  [[nodiscard]] static bool expects_reply(const Incoming& incoming) noexcept;
  [[nodiscard]] bool has_events() const noexcept {
    return options_.on_call_begin || options_.on_call_end;
  }
  void tell_begin(const Incoming& incoming) const noexcept;
  void tell_end(const Incoming& incoming, std::chrono::steady_clock::time_point begun,
                std::size_t reply_size, const Problem& problem, bool exception) const noexcept;
  ApplicationProblem unexpected(const Function& function, std::string_view text) const;
  [[nodiscard]] const Handler* handler_of(const Entry& entry) const noexcept;

  SchemaPtr schema_;
  const Service& service_;
  ProcessorOptions options_;
  std::unordered_map<std::string_view, Entry> methods_;  // keys live in the schema
  Handler any_;
  HandlerOptions any_options_;
  std::vector<Middleware> middleware_;  // the outermost first
  std::vector<std::pair<std::string, std::shared_ptr<const Dispatcher>>> others_;
};

}  // namespace thrift::rpc
