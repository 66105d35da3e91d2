#pragma once

// The heart of the server's side: from a message's bytes to a handler, and back to the reply's.
// Two steps, so that a server can put what lies between them onto another thread.

#include <thriftpp/rpc/processor.hpp>
#include <unordered_map>
#include <vector>

#include "rpc/application_exception.hpp"

namespace thrift::rpc {

struct MessageContext;

class Dispatcher {
 public:
  Dispatcher(SchemaPtr schema, std::string_view service, ProcessorOptions options);

  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] const SchemaPtr& schema() const noexcept { return schema_; }
  [[nodiscard]] const ProcessorOptions& options() const noexcept { return options_; }

  void set(const Function& function, Handler handler, const HandlerOptions& options);
  void set_any(Handler handler, const HandlerOptions& options);
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
  // Calls the handler and appends the reply to `out`; false where there is none. Resets `arena`.
  // `context` may be nullptr.
  static bool run(const Incoming& incoming, MessageContext* context, Arena& arena, Buffer& out);

 private:
  // What goes wrong is returned, to be answered with.
  std::optional<ApplicationProblem> answer(const Incoming& incoming, MessageContext* context,
                                           bool expects_reply, Arena& arena, Buffer& out) const;
  bool run_own(const Incoming& incoming, MessageContext* context, Arena& arena, Buffer& out) const;
  std::optional<ApplicationProblem> call_handler(const Handler& handler, Call& call) const;
  ApplicationProblem unexpected(const Function& function, std::string_view text) const;
  [[nodiscard]] const Handler* handler_of(const Entry& entry) const noexcept;

  SchemaPtr schema_;
  const Service& service_;
  ProcessorOptions options_;
  std::unordered_map<std::string_view, Entry> methods_;  // keys live in the schema
  Handler any_;
  HandlerOptions any_options_;
  std::vector<std::pair<std::string, std::shared_ptr<const Dispatcher>>> others_;
};

}  // namespace thrift::rpc
