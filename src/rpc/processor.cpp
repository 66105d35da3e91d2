#include <thriftpp/rpc/processor.hpp>

#include "rpc/dispatcher.hpp"

namespace thrift {

Processor::Processor(SchemaPtr schema, std::string_view service, ProcessorOptions options)
    : dispatcher_(
          std::make_shared<rpc::Dispatcher>(std::move(schema), service, std::move(options))) {}
Processor::Processor(Processor&&) noexcept = default;
Processor& Processor::operator=(Processor&&) noexcept = default;
Processor::~Processor() = default;

const Service& Processor::service() const noexcept {
  return dispatcher_->service();
}

void Processor::set(const Function& function, Handler handler, const HandlerOptions& options) {
  dispatcher_->set(function, std::move(handler), options);
}

Processor& Processor::on_any(Handler handler, const HandlerOptions& options) {
  dispatcher_->set_any(std::move(handler), options);
  return *this;
}

Processor& Processor::around(Middleware middleware) {
  dispatcher_->add_middleware(std::move(middleware));
  return *this;
}

std::vector<const Function*> Processor::missing() const {
  return dispatcher_->missing();
}

bool Processor::process(ProtocolId protocol, std::span<const std::byte> message,
                        Buffer& out) const {
  Arena arena;
  return process(protocol, message, out, arena);
}

bool Processor::process(ProtocolId protocol, std::span<const std::byte> message, Buffer& out,
                        Arena& arena) const {
  const rpc::Dispatcher::Incoming incoming = dispatcher_->begin(protocol, message);
  return rpc::Dispatcher::run(incoming, nullptr, nullptr, arena, out) ==
         rpc::Dispatcher::Outcome::reply;
}

}  // namespace thrift
