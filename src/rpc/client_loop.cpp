#include "rpc/client_loop.hpp"

namespace thrift::rpc {

std::shared_ptr<ClientLoop> ClientLoop::get() {
  static std::mutex mutex;
  static std::weak_ptr<ClientLoop> current;
  const std::lock_guard lock(mutex);
  std::shared_ptr<ClientLoop> loop = current.lock();
  if (!loop) {
    loop = std::make_shared<ClientLoop>();
    current = loop;
  }
  return loop;
}

ClientLoop::ClientLoop()
    : events_(std::make_shared<EventLoop>()), thread_([events = events_] {
        for (;;) {
          try {
            return events->run();
          } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): memory ran out; go on
          }
        }
      }) {}

ClientLoop::~ClientLoop() {
  events_->stop();
  // A callback may have held the last client.
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

}  // namespace thrift::rpc
