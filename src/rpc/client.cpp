#include <thriftpp/rpc/client.hpp>

#include "rpc/arguments.hpp"
#include "rpc/client_core.hpp"

namespace thrift {

Client::Client(SchemaPtr schema, std::string_view service, std::string_view url,
               const ClientOptions& options)
    : core_(std::make_shared<rpc::ClientCore>(std::move(schema), service, url, options)) {}

Client::~Client() = default;

const Service& Client::service() const noexcept {
  return core_->service();
}

const Endpoint& Client::endpoint() const noexcept {
  return core_->endpoint();
}

Client Client::with(const CallOptions& options) const {
  Client other = *this;
  if (options.timeout) other.options_.timeout = options.timeout;
  if (options.report != nullptr) other.options_.report = options.report;
  Headers& headers = other.options_.headers;
  headers.insert(headers.end(), options.headers.begin(), options.headers.end());
  return other;
}

Value Client::call_positional(std::string_view method, std::span<const Literal> arguments) const {
  const Function& function = service().function(method);
  Arena arena;
  return core_->call(function, rpc::build_arguments(function, arguments, arena), options_);
}

Value Client::call_named(std::string_view method, std::span<const NamedLiteral> arguments) const {
  const Function& function = service().function(method);
  Arena arena;
  return core_->call(function, rpc::build_arguments(function, arguments, arena), options_);
}

Value Client::call_with(std::string_view method, ValueView arguments) const {
  const Function& function = service().function(method);
  rpc::check_arguments(function, arguments);
  return core_->call(function, arguments, options_);
}

Result<Value> Client::try_call(std::string_view method,
                               std::initializer_list<NamedLiteral> arguments) const {
  try {
    return call(method, arguments);
  } catch (const Error& e) {
    return e.failure();
  }
}

Result<Value> Client::try_call_with(std::string_view method, ValueView arguments) const {
  try {
    return call_with(method, arguments);
  } catch (const Error& e) {
    return e.failure();
  }
}

void Client::connect() const {
  core_->connect();
}

void Client::close() const {
  core_->close();
}

}  // namespace thrift
