#include "gateway/upstream.hpp"

#include <cstdint>

#include "rpc/client_core.hpp"

namespace thrift::gateway {

namespace {

std::vector<Endpoint> parse_all(const std::vector<std::string>& urls) {
  std::vector<Endpoint> out;
  for (const std::string& url : urls) {
    out.push_back(Endpoint::parse(url));
    if (out.back().scheme == Endpoint::Scheme::udp) {
      throw TransportError(TransportErrorKind::bad_args, out.back().address(),
                           "a gateway's upstream cannot be UDP, which carries no replies");
    }
  }
  if (out.empty()) {
    throw TransportError(TransportErrorKind::bad_args, "gateway", "no endpoint is given");
  }
  return out;
}

ClientOptions client_options(const UpstreamOptions& options, const Endpoint& first) {
  ClientOptions out;
  out.timeout = first.timeout.value_or(options.timeout);
  out.connect_timeout = options.connect_timeout;
  out.connections = options.connections;
  out.max_async_calls = SIZE_MAX;  // the gateway counts what is in flight, and answers 503
  out.retries = options.retries;
  out.retry_delay = options.retry_delay;
  out.down_time = options.down_time;
  out.max_frame = options.max_reply;
  out.max_message = options.max_reply;
  out.password = options.password;
  return rpc::with_password(std::move(out), first);
}

}  // namespace

Upstream::Upstream(std::string service, const std::vector<std::string>& urls,
                   const UpstreamOptions& options)
    : service_(std::move(service)), check_(options.check_interval) {
  std::vector<Endpoint> endpoints = parse_all(urls);
  client_ = client_options(options, endpoints.front());
  codec_ = std::make_shared<const rpc::CallCodec>(endpoints.front(), client_);
  endpoints_ = std::make_shared<rpc::EndpointSet>(
      std::move(endpoints), client_.down_time,
      rpc::EndpointSet::Breaker{options.breaker_failures, options.open_time});
}

bool Upstream::carries_headers() const noexcept {
  return codec_->format().carriage == rpc::Carriage::http ||
         codec_->format().wire.framing == Framing::header;
}

std::shared_ptr<rpc::AsyncClient> Upstream::make_client(
    std::shared_ptr<rpc::EventLoop> loop) const {
  return std::make_shared<rpc::AsyncClient>(std::move(loop), endpoints_, codec_, client_);
}

void Upstream::check(std::size_t endpoint) const noexcept {
  try {
    const auto deadline = transport::Deadline::after(client_.connect_timeout, "connect_timeout");
    (void)transport::connect(endpoints_->endpoint(endpoint), endpoints_->tls(endpoint),
                             client_.password, deadline);
    endpoints_->succeeded(endpoint);
    endpoints_->call_succeeded(endpoint);
  } catch (const std::exception&) {
    endpoints_->failed(endpoint);
  }
}

}  // namespace thrift::gateway
