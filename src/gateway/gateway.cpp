#include <algorithm>
#include <condition_variable>
#include <stdexcept>
#include <thriftpp/gateway/gateway.hpp>

#include "gateway/health.hpp"
#include "gateway/http_acceptor.hpp"

namespace thrift {

namespace gateway {

// Everything that exists only while the gateway runs. Threads come last and go first.
class Running {
 public:
  explicit Running(Core& core) : core_(core) {
    check_statuses(*core.catalogue.state(), core.statuses);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const unsigned n = core.options.threads != 0 ? core.options.threads : cores;
    core_.workers = std::make_unique<rpc::WorkerPool>(std::max(1U, core.options.workers));
    for (unsigned i = 0; i < n; ++i) threads_.push_back(std::make_unique<HttpThread>(core));
    follow();
    health_ = std::make_unique<Health>(core.upstreams);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    begin_stop();
    join();
    core_.workers->stop();
  }

  void listen(const Endpoint& endpoint) {
    auto acceptor = std::make_shared<HttpAcceptor>(core_, threads_, endpoint);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        transport::fail(TransportErrorKind::not_open, endpoint, "the gateway is being stopped");
      }
      acceptors_.push_back(acceptor);
      bound_.push_back(acceptor->endpoint());
      if (!started_) {
        started_ = true;
        for (const auto& thread : threads_) thread->start();
        core_.ready = true;
      }
    }
    threads_.front()->events().post([acceptor] { acceptor->start(); });
  }

  void begin_stop() {
    std::unique_lock lock(mutex_);
    if (stopping_ || !started_) return;
    stopping_ = true;
    core_.ready = false;
    if (core_.options.drain_delay.count() > 0) {
      lock.unlock();
      std::this_thread::sleep_for(core_.options.drain_delay);
      lock.lock();
    }
    // First the listeners: they hand out connections to threads that still take them.
    threads_.front()->events().post([this] {
      for (const auto& acceptor : acceptors_) acceptor->stop();
      for (const auto& thread : threads_) thread->post_drain();
    });
  }

  void join() {
    {
      const std::lock_guard lock(join_mutex_);
      for (const auto& thread : threads_) thread->join();
    }
    const std::lock_guard lock(mutex_);
    follower_.reset();
    health_.reset();
  }

  [[nodiscard]] bool is_own_thread() const {
    if (core_.workers->is_own_thread()) return true;
    return std::ranges::any_of(
        threads_, [](const auto& thread) { return thread->id() == std::this_thread::get_id(); });
  }
  [[nodiscard]] std::vector<Endpoint> bound() const {
    const std::lock_guard lock(mutex_);
    return bound_;
  }

 private:
  // The catalogue's states become snapshots: made when they are checked, taken when they are in.
  void follow() {
    struct Pending {
      std::mutex mutex;
      std::shared_ptr<const Snapshot> snapshot;
    };
    auto pending = std::make_shared<Pending>();
    follower_ = core_.catalogue.follow(
        [this, pending](const CatalogueState& state) {
          auto snapshot = make_snapshot(state, core_.upstreams, core_.statuses,
                                        core_.options.built_in, core_.metrics);
          const std::lock_guard lock(pending->mutex);
          pending->snapshot = std::move(snapshot);
        },
        [this, pending] {
          const std::string problems = core_.catalogue.problems();
          if (!problems.empty()) {
            core_.metrics.failed_reloads.fetch_add(1, std::memory_order_relaxed);
            core_.log("the IDL was not taken; the one before stays:\n" + problems);
            return;
          }
          std::shared_ptr<const Snapshot> snapshot;
          {
            const std::lock_guard lock(pending->mutex);
            snapshot = std::exchange(pending->snapshot, nullptr);
          }
          if (!snapshot) return core_.log("the IDL is as it was again");
          core_.metrics.reloads.fetch_add(1, std::memory_order_relaxed);
          core_.log("took generation " + std::to_string(snapshot->generation) + " of the IDL");
          log_warnings(*snapshot);
          for (const std::string& change : core_.catalogue.breaking_changes()) {
            core_.log("breaking change: " + change);
          }
          for (const auto& thread : threads_) thread->post_snapshot(snapshot);
        });
    const std::lock_guard lock(pending->mutex);
    log_warnings(*pending->snapshot);
    for (const auto& thread : threads_) thread->post_snapshot(pending->snapshot);
    pending->snapshot.reset();
  }
  // Errors keep a snapshot from being made; these do not.
  void log_warnings(const Snapshot& snapshot) const {
    for (const RouteProblem& problem : snapshot.table.problems()) {
      std::string text = render_text(problem);
      text.pop_back();  // its line's end
      core_.log(text);
    }
  }

  Core& core_;
  mutable std::mutex mutex_;
  bool started_ = false;
  bool stopping_ = false;
  std::vector<Endpoint> bound_;
  std::mutex join_mutex_;
  std::vector<std::unique_ptr<HttpThread>> threads_;
  std::vector<std::shared_ptr<HttpAcceptor>> acceptors_;  // use the threads
  std::shared_ptr<void> follower_;                        // uses the threads
  std::unique_ptr<Health> health_;
};

}  // namespace gateway

struct Gateway::State {
  State(Catalogue catalogue, GatewayOptions options)
      : core(std::move(catalogue), std::move(options)) {}

  [[nodiscard]] std::shared_ptr<gateway::Running> now() const {
    const std::lock_guard lock(mutex);
    return running;
  }
  void check_not_started() const {
    if (now()) throw std::logic_error("thrift::Gateway: it is set up before start()");
  }

  gateway::Core core;
  mutable std::mutex mutex;
  std::shared_ptr<gateway::Running> running;
};

Gateway::Gateway(Catalogue catalogue, GatewayOptions options)
    : state_(std::make_unique<State>(std::move(catalogue), std::move(options))) {}

Gateway::Gateway(const Idl& idl, GatewayOptions options)
    : Gateway(Catalogue(idl), std::move(options)) {}

Gateway::~Gateway() {  // NOLINT(bugprone-exception-escape): a thread that cannot be joined is fatal
  stop();
}

Gateway& Gateway::upstream(std::string_view service, std::string_view url,
                           const UpstreamOptions& options) {
  return upstream(service, std::vector<std::string>{std::string(url)}, options);
}

Gateway& Gateway::upstream(std::string_view service, const std::vector<std::string>& urls,
                           const UpstreamOptions& options) {
  state_->check_not_started();
  state_->core.upstreams.push_back(
      std::make_unique<gateway::Upstream>(std::string(service), urls, options));
  return *this;
}

Gateway& Gateway::map_exception(std::string_view name, int status) {
  state_->check_not_started();
  if (status < 200 || status > 599) {
    throw TypeError("`" + std::string(name) + "` cannot be answered with the status " +
                    std::to_string(status));
  }
  state_->core.statuses.emplace_back(name, status);
  return *this;
}

Gateway& Gateway::use(HttpMiddleware middleware) {
  state_->check_not_started();
  state_->core.middleware.push_back(std::move(middleware));
  return *this;
}

Gateway& Gateway::route(std::string_view method, std::string_view path, HttpHandler handler) {
  state_->check_not_started();
  state_->core.custom.push_back({std::string(method), std::string(path), std::move(handler)});
  return *this;
}

void Gateway::start(std::string_view url) {
  const Endpoint endpoint = Endpoint::parse(url);
  if (!endpoint.is_http()) {
    throw TransportError(TransportErrorKind::bad_args, endpoint.address(),
                         "a gateway listens on `http://`, `https://` or `http+unix://`");
  }
  const std::lock_guard lock(state_->mutex);
  std::shared_ptr<gateway::Running> running = state_->running;
  if (!running) running = std::make_shared<gateway::Running>(state_->core);
  running->listen(endpoint);
  state_->running = std::move(running);
}

void Gateway::serve(std::string_view url) {
  start(url);
  wait();
}

void Gateway::wait() {
  const std::shared_ptr<gateway::Running> running = state_->now();
  if (!running) return;
  if (running->is_own_thread()) throw std::logic_error("thrift::Gateway: a handler cannot wait()");
  running->join();
  const std::lock_guard lock(state_->mutex);
  if (state_->running == running) state_->running.reset();
}

void Gateway::stop() {
  const std::shared_ptr<gateway::Running> running = state_->now();
  if (!running) return;
  running->begin_stop();
  if (!running->is_own_thread()) wait();
}

std::vector<Endpoint> Gateway::endpoints() const {
  const std::shared_ptr<gateway::Running> running = state_->now();
  return running ? running->bound() : std::vector<Endpoint>{};
}

Endpoint Gateway::endpoint() const {
  std::vector<Endpoint> all = endpoints();
  if (all.empty()) throw std::logic_error("thrift::Gateway: it was not started");
  return std::move(all.front());
}

}  // namespace thrift
