#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "rpc/acceptor.hpp"
#include "rpc/datagrams.hpp"
#include "rpc/wire_format.hpp"

namespace thrift {

// Everything that exists only while the server runs. Threads come last and go first.
struct Server::Running {
  explicit Running(std::shared_ptr<rpc::Dispatcher> dispatcher, const ServerOptions& options) {
    context.dispatcher = std::move(dispatcher);
    context.options = options;
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    if (context.dispatcher->has_blocking()) {
      const unsigned n = options.workers != 0 ? options.workers : std::max(8U, 2 * cores);
      context.workers = std::make_unique<rpc::WorkerPool>(n);
    }
    const unsigned n = options.threads != 0 ? options.threads : cores;
    for (unsigned i = 0; i < n; ++i) threads.push_back(std::make_unique<rpc::IoThread>(context));
  }
  ~Running() {
    begin_stop();
    join();
  }

  void listen(const Endpoint& endpoint) {
    std::shared_ptr<rpc::Entrance> entrance;
    if (endpoint.scheme == Endpoint::Scheme::udp) {
      entrance = std::make_shared<rpc::Datagrams>(context, *threads.front(), endpoint);
    } else {
      entrance = std::make_shared<rpc::Acceptor>(context, threads, endpoint);
    }
    {
      const std::lock_guard lock(mutex);
      if (stopping) {
        transport::fail(TransportErrorKind::not_open, endpoint, "the server is being stopped");
      }
      entrances.push_back(entrance);
      bound.push_back(entrance->endpoint());
      if (!started) {
        started = true;
        for (const auto& thread : threads) thread->start();
      }
    }
    threads.front()->events().post([entrance] { entrance->start(); });
  }

  void begin_stop() {
    const std::lock_guard lock(mutex);
    if (stopping || !started) return;
    stopping = true;
    // First the entrances: they hand out connections to threads that still take them.
    threads.front()->events().post([this] {
      for (const auto& entrance : entrances) entrance->stop();
      for (const auto& thread : threads) thread->post_stop();
    });
  }

  void join() {
    const std::lock_guard lock(join_mutex);
    for (const auto& thread : threads) thread->join();
    if (context.workers) context.workers->stop();
  }

  [[nodiscard]] bool is_own_thread() const {
    if (context.workers && context.workers->is_own_thread()) return true;
    return std::any_of(threads.begin(), threads.end(), [](const auto& thread) {
      return thread->id() == std::this_thread::get_id();
    });
  }

  rpc::ServerContext context;
  std::mutex mutex;
  bool started = false;
  bool stopping = false;
  std::vector<Endpoint> bound;
  std::mutex join_mutex;
  std::vector<std::unique_ptr<rpc::IoThread>> threads;
  std::vector<std::shared_ptr<rpc::Entrance>> entrances;  // use the threads
};

struct Server::State {
  mutable std::mutex mutex;
  std::shared_ptr<Running> running;
};

namespace {

ProcessorOptions processor_options(const ServerOptions& options) {
  ProcessorOptions out;
  out.expose_errors = options.expose_errors;
  out.on_error = options.on_error;
  out.on_call_begin = options.on_call_begin;
  out.on_call_end = options.on_call_end;
  out.decode = options.decode;
  out.encode = options.encode;
  out.max_reply = options.max_frame;
  return out;
}

}  // namespace

Server::Server(SchemaPtr schema, std::string_view service, ServerOptions options)
    : processor_(std::move(schema), service, processor_options(options)),
      options_(std::move(options)),
      state_(std::make_unique<State>()) {}

Server::~Server() {  // NOLINT(bugprone-exception-escape): a thread that cannot be joined is fatal
  stop();
}

Server& Server::on_any(Handler handler, const HandlerOptions& options) {
  check_not_started();
  processor_.on_any(std::move(handler), options);
  return *this;
}

Server& Server::around(const Middleware& middleware) {
  check_not_started();
  processor_.around(middleware);
  for (const auto& other : others_) other->around(middleware);
  middleware_.push_back(middleware);
  return *this;
}

Processor& Server::add(std::string_view service, std::string_view name) {
  return add(processor_.dispatcher_->schema(), service, name);
}

Processor& Server::add(SchemaPtr schema, std::string_view service, std::string_view name) {
  check_not_started();
  auto other = std::make_unique<Processor>(std::move(schema), service, processor_options(options_));
  for (const Middleware& middleware : middleware_) other->around(middleware);
  std::string key(name.empty() ? other->service().name() : name);
  processor_.dispatcher_->add(std::move(key), other->dispatcher_);
  others_.push_back(std::move(other));
  return *others_.back();
}

void Server::check_not_started() const {
  if (running()) throw std::logic_error("thrift::Server: handlers are given before start()");
}

std::shared_ptr<Server::Running> Server::running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running;
}

void Server::start(std::string_view url) {
  const Endpoint endpoint = Endpoint::parse(url);
  SessionOptions session;
  rpc::narrow(session, endpoint);  // tells what cannot be, before anything is done
  const std::vector<const Function*> missing = processor_.missing();
  if (!missing.empty() && !options_.allow_missing_handlers) {
    std::string names;
    for (const Function* function : missing) {
      names += (names.empty() ? "`" : ", `") + std::string(function->name()) + '`';
    }
    throw TypeError("service `" + std::string(service().name()) + "`: no handler for " + names +
                    "; give them with on(), or answer the rest with on_any()");
  }
  const std::lock_guard lock(state_->mutex);
  std::shared_ptr<Running> running = state_->running;
  if (!running) running = std::make_shared<Running>(processor_.dispatcher_, options_);
  running->listen(endpoint);
  state_->running = std::move(running);
}

void Server::serve(std::string_view url) {
  start(url);
  wait();
}

void Server::wait() {
  const std::shared_ptr<Running> now = running();
  if (!now) return;
  if (now->is_own_thread()) throw std::logic_error("thrift::Server: a handler cannot wait()");
  now->join();
  const std::lock_guard lock(state_->mutex);
  if (state_->running == now) state_->running.reset();
}

void Server::stop() {
  const std::shared_ptr<Running> now = running();
  if (!now) return;
  now->begin_stop();
  if (!now->is_own_thread()) wait();
}

std::vector<Endpoint> Server::endpoints() const {
  const std::shared_ptr<Running> now = running();
  if (!now) return {};
  const std::lock_guard lock(now->mutex);
  return now->bound;
}

Endpoint Server::endpoint() const {
  std::vector<Endpoint> all = endpoints();
  if (all.empty()) throw std::logic_error("thrift::Server: it was not started");
  return std::move(all.front());
}

std::size_t Server::connections() const noexcept {
  const std::shared_ptr<Running> now = running();
  return now ? now->context.connections.load(std::memory_order_relaxed) : 0;
}

}  // namespace thrift
