#include <thriftpp/rpc/client.hpp>

#include "rpc/arguments.hpp"
#include "rpc/client_core.hpp"

namespace thrift {

namespace {

template <class Urls>
std::vector<Endpoint> parse_all(const Urls& urls) {
  std::vector<Endpoint> out;
  out.reserve(std::size(urls));
  for (const std::string_view url : urls) out.push_back(Endpoint::parse(url));
  return out;
}

}  // namespace

Client::Client(SchemaPtr schema, std::string_view service, std::string_view url,
               const ClientOptions& options)
    : Client(std::move(schema), service, {url}, options) {}
Client::Client(SchemaPtr schema, std::string_view service,
               std::initializer_list<std::string_view> urls, const ClientOptions& options)
    : core_(std::make_shared<rpc::ClientCore>(std::move(schema), service, parse_all(urls),
                                              options)) {}
Client::Client(SchemaPtr schema, std::string_view service, const std::vector<std::string>& urls,
               const ClientOptions& options)
    : core_(std::make_shared<rpc::ClientCore>(std::move(schema), service, parse_all(urls),
                                              options)) {}

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
  if (options.idempotent) other.options_.idempotent = options.idempotent;
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

PreparedCall Client::prepare_positional(std::string_view method,
                                        std::span<const Literal> arguments) const {
  const Function& function = service().function(method);
  Arena arena;
  const ValueView built = rpc::build_arguments(function, arguments, arena);
  return {core_, core_->prepare(function, built, options_)};
}

PreparedCall Client::prepare_named(std::string_view method,
                                   std::span<const NamedLiteral> arguments) const {
  const Function& function = service().function(method);
  Arena arena;
  const ValueView built = rpc::build_arguments(function, arguments, arena);
  return {core_, core_->prepare(function, built, options_)};
}

PreparedCall Client::prepare_with(std::string_view method, ValueView arguments) const {
  const Function& function = service().function(method);
  rpc::check_arguments(function, arguments);
  return {core_, core_->prepare(function, arguments, options_)};
}

PreparedCall::PreparedCall(std::shared_ptr<rpc::ClientCore> core,
                           std::shared_ptr<rpc::AsyncCall> call) noexcept
    : core_(std::move(core)), call_(std::move(call)) {}
PreparedCall::PreparedCall(PreparedCall&&) noexcept = default;
PreparedCall& PreparedCall::operator=(PreparedCall&&) noexcept = default;
PreparedCall::~PreparedCall() = default;

void PreparedCall::start(std::function<void(Result<Value>)> done) && {
  call_->done = std::move(done);
  core_->start(std::exchange(call_, nullptr));
}

std::future<Value> PreparedCall::start() && {
  auto promise = std::make_shared<std::promise<Value>>();
  std::future<Value> future = promise->get_future();
  std::move(*this).start([promise](Result<Value> result) {
    if (result) {
      promise->set_value(std::move(*result));
      return;
    }
    try {
      result.error().raise();
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  return future;
}

void Client::connect() const {
  core_->connect();
}

void Client::close() const {
  core_->close();
}

}  // namespace thrift
