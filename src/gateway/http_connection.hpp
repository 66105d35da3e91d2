#pragma once

// One connection of a client: bytes to requests, responses to bytes. Requests that come at once run
// at once, as many as may; their responses leave in order.

#include <deque>
#include <memory>

#include "gateway/http_thread.hpp"
#include "gateway/request_parser.hpp"

namespace thrift::gateway {

class HttpConnection final : public std::enable_shared_from_this<HttpConnection>,
                             private rpc::EventLoop::Watcher {
 public:
  HttpConnection(HttpThread& thread, transport::Socket socket);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection() override;

  void start();
  // Answers what has come, then closes.
  void drain();
  // Closes now.
  void cut();
  [[nodiscard]] bool is_late(transport::Clock::time_point now) const noexcept;
  void time_out();

  // One of its exchanges is done, or has more of its response.
  void progressed();
  // Bytes that wait to be sent, for who streams.
  [[nodiscard]] std::size_t backlog() const noexcept;
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

 private:
  void on_ready(bool readable, bool writable) override;
  void read();
  // Takes requests from the input as long as there are any, and they may run.
  void take_requests();
  void take_one(bool& more);
  void refuse(int status, const std::string& problem);
  // Sends what is ready, in order; false where there is nothing more to do on the connection.
  bool write();
  void linger();
  void watch();
  void close();
  template <class F>
  void guarded(F step);  // an exception costs this connection and no other

  HttpThread& thread_;
  transport::Socket socket_;
  RequestParser parser_;
  std::string client_;
  std::deque<ExchangePtr> exchanges_;  // in the order of their requests
  ExchangePtr next_;                   // whose request is being read
  Buffer input_;                       // not yet parsed
  std::size_t used_ = 0;               // of it
  Buffer output_;
  std::size_t sent_ = 0;  // of it
  bool last_ = false;     // no request is read any more
  bool ended_ = false;    // the client sends no more
  bool closed_ = false;
  bool refused_ = false;    // the last request, perhaps before it was whole
  bool lingering_ = false;  // everything is sent; what still comes is thrown away
  std::size_t lingered_ = 0;
  bool working_ = false;                                          // in take_requests() or write()
  transport::Clock::time_point since_ = transport::Clock::now();  // of the state that has a limit
};

}  // namespace thrift::gateway
