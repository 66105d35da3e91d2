#include "gateway/health.hpp"

#include <algorithm>

namespace thrift::gateway {

using Clock = transport::Clock;

Health::Health(const std::vector<std::unique_ptr<Upstream>>& upstreams) {
  const bool wanted = std::ranges::any_of(
      upstreams, [](const auto& upstream) { return upstream->check_interval().count() > 0; });
  if (wanted) thread_ = std::thread([this, &upstreams] { run(upstreams); });
}

Health::~Health() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Health::run(const std::vector<std::unique_ptr<Upstream>>& upstreams) {
  std::vector<Clock::time_point> due(upstreams.size(), Clock::now());
  for (;;) {
    Clock::time_point next = Clock::time_point::max();
    for (std::size_t i = 0; i < upstreams.size(); ++i) {
      const Upstream& upstream = *upstreams[i];
      if (upstream.check_interval().count() <= 0) continue;
      if (due[i] <= Clock::now()) {
        for (std::size_t at = 0; at < upstream.endpoints().size(); ++at) {
          {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
          }
          upstream.check(at);
        }
        due[i] = Clock::now() + upstream.check_interval();
      }
      next = std::min(next, due[i]);
    }
    std::unique_lock lock(mutex_);
    if (wake_.wait_until(lock, next, [this] { return stopping_; })) return;
  }
}

}  // namespace thrift::gateway
