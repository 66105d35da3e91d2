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
  return rpc::Dispatcher::run(dispatcher_->begin(protocol, message), nullptr, arena, out);
}

}  // namespace thrift
