#pragma once

// Active health checks: a thread that connects to endpoints now and then, for those upstreams that
// want it. Passive ones are what calls find out: rpc/endpoint_set.hpp.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/upstream.hpp"

namespace thrift::gateway {

class Health {
 public:
  explicit Health(const std::vector<std::unique_ptr<Upstream>>& upstreams);
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;
  ~Health();

 private:
  void run(const std::vector<std::unique_ptr<Upstream>>& upstreams);

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace thrift::gateway
