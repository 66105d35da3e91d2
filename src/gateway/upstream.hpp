#pragma once

// A service's endpoints as all threads share them. Each thread has its own connections.

#include <thriftpp/gateway/gateway.hpp>

#include "rpc/async_client.hpp"

namespace thrift::gateway {

class Upstream {
 public:
  // Throws TransportError (bad_args).
  Upstream(std::string service, const std::vector<std::string>& urls,
           const UpstreamOptions& options);

  // "*" is all that have none of their own.
  [[nodiscard]] const std::string& service() const noexcept { return service_; }
  [[nodiscard]] rpc::EndpointSet& endpoints() const noexcept { return *endpoints_; }
  [[nodiscard]] const rpc::CallCodec& codec() const noexcept { return *codec_; }
  [[nodiscard]] const ClientOptions& options() const noexcept { return client_; }
  [[nodiscard]] std::chrono::milliseconds check_interval() const noexcept { return check_; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return client_.timeout; }
  // Whether the transport has room for headers.
  [[nodiscard]] bool carries_headers() const noexcept;

  [[nodiscard]] std::shared_ptr<rpc::AsyncClient> make_client(
      std::shared_ptr<rpc::EventLoop> loop) const;
  // Looks whether the endpoint can be connected to; takes its time.
  void check(std::size_t endpoint) const noexcept;

 private:
  std::string service_;
  ClientOptions client_;
  std::chrono::milliseconds check_;
  std::shared_ptr<rpc::EndpointSet> endpoints_;
  std::shared_ptr<const rpc::CallCodec> codec_;
};

}  // namespace thrift::gateway
