#include "gateway/stream.hpp"

#include <condition_variable>

#include "gateway/http_connection.hpp"

namespace thrift::gateway {

namespace {

// Bytes of a reply from which on it is streamed.
constexpr std::size_t large = 512 * 1024;
// Text that may wait for the client.
constexpr std::size_t most_waiting = 1024 * 1024;

// Between the worker, who writes, and the connection's thread, which sends.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream(HttpThread& thread, ExchangePtr exchange)
      : thread_(thread), exchange_(std::move(exchange)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { thread_.core().streams.fetch_sub(1, std::memory_order_relaxed); }

  // --- the worker ---
  void write(std::span<const std::byte> piece) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return gone_ || posted_ + unsent_ < most_waiting; });
      if (gone_) throw TransportError(TransportErrorKind::client_disconnect, "client", "is gone");
      posted_ += piece.size();
    }
    post([piece = std::make_shared<Buffer>(piece)](Stream& self) { self.append(*piece); });
  }
  void end() {
    post([](Stream& self) { self.finish_here(); });
  }
  void fail(const Failure& failure) {
    post([failure](Stream& self) { self.fail_here(failure); });
  }

 private:
  template <class Step>
  void post(Step step) {
    thread_.events().post([self = shared_from_this(), step = std::move(step)] { step(*self); });
  }

  // --- the connection's thread ---
  void append(const Buffer& piece) {
    if (!exchange_->streaming) begin();
    exchange_->body_size += piece.size();
    write_chunk(piece.bytes(), exchange_->out);
    {
      const std::lock_guard lock(mutex_);
      posted_ -= piece.size();
      unsent_ += piece.size();
    }
    if (const auto connection = exchange_->connection.lock()) connection->progressed();
    account();
  }
  void begin() {
    exchange_->streaming = true;
    exchange_->status = exchange_->plan().reply.status;
    if (thread_.draining()) exchange_->keep_alive = false;
    write_chunked_head(exchange_->status, "application/json", {}, exchange_->context(),
                       exchange_->out);
    exchange_->on_room = [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->account();
    };
  }
  void account() {
    const auto connection = exchange_->connection.lock();
    const std::lock_guard lock(mutex_);
    gone_ = !connection || connection->is_closed();
    unsent_ = gone_ ? 0 : connection->backlog();
    room_.notify_one();
  }
  void finish_here() {
    thread_.end_job();
    if (!exchange_->streaming) begin();
    write_last_chunk(exchange_->out);
    exchange_->on_room = nullptr;
    finish(thread_, *exchange_);
  }
  void fail_here(const Failure& failure) {
    thread_.end_job();
    exchange_->on_room = nullptr;
    if (!exchange_->streaming) return respond(thread_, *exchange_, upstream_problem(failure));
    // It has begun: only the connection's end tells the client that this is not all.
    exchange_->problem = failure.message();
    finish(thread_, *exchange_);
    if (const auto connection = exchange_->connection.lock()) connection->cut();
  }

  HttpThread& thread_;
  const ExchangePtr exchange_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::size_t posted_ = 0;  // on their way to the connection's thread
  std::size_t unsent_ = 0;  // that the connection holds
  bool gone_ = false;
};

// A stream may wait for its client as long as that likes. No more than half of the workers do, so
// that the others' requests go on: further replies are made whole instead.
bool take_place(Core& core) noexcept {
  if (core.streams.fetch_add(1, std::memory_order_relaxed) < core.options.workers / 2) return true;
  core.streams.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace

bool should_stream(const Exchange& exchange, const rpc::RawReply& reply) noexcept {
  return reply.body.size() >= large && !reply.is_exception && !exchange.head_only &&
         !exchange.capture && exchange.request.is_http_1_1() &&
         !exchange.plan().reply.result_shape && !is_bodiless(exchange.plan().reply.status) &&
         (reply.protocol == ProtocolId::binary || reply.protocol == ProtocolId::compact);
}

bool stream_result(HttpThread& thread, const ExchangePtr& exchange, rpc::RawReply& reply,
                   const ResultPart& part) {
  if (!take_place(thread.core())) return false;
  auto stream = std::make_shared<Stream>(thread, exchange);
  auto held = std::make_shared<rpc::RawReply>(std::move(reply));
  thread.begin_job();
  thread.core().workers->submit([stream, held, part, exchange] {
    try {
      FunctionSink sink([&](std::span<const std::byte> piece) { stream->write(piece); });
      to_json(held->protocol, part.bytes, part.field->type(), sink, exchange->json);
      stream->end();
    } catch (const Error& e) {
      stream->fail(e.failure());
    } catch (const std::exception& e) {
      stream->fail(make_failure<TransportErrorDetail>(TransportErrorKind::internal_error, "gateway",
                                                      e.what(), false));
    }
  });
  return true;
}

}  // namespace thrift::gateway
