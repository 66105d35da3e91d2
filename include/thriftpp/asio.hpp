#pragma once

/// @file
/// Calls for asio: opt-in, needs the standalone asio (libasio-dev), which the library itself does
/// not show.
///
///     asio::awaitable<void> greet(thrift::Client users) {
///       const Value ann = co_await thrift::async_call(users, asio::use_awaitable, "getUser", "1");
///     }
///
/// Any completion token will do: asio::use_awaitable, asio::use_future, a function of
/// `(std::exception_ptr, thrift::Value)`. The operation completes on the token's associated
/// executor, which is kept busy meanwhile; the exceptions are those of Client::call. The arguments
/// are checked and encoded at once, and are not needed afterwards; the call is sent when the
/// operation begins. It cannot be cancelled: its time-out ends it.
///
/// Handlers of a server that are coroutines: see `coroutine`.
/// Threads: as Client.

#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <exception>
#include <memory>
#include <thriftpp/rpc/client.hpp>
#include <type_traits>
#include <utility>

namespace thrift {

namespace detail {

inline std::exception_ptr to_exception_ptr(const Failure& failure) {
  try {
    failure.raise();
  } catch (...) {
    return std::current_exception();
  }
}

template <class Token>
auto async_start(Token&& token, PreparedCall call) {
  return asio::async_initiate<Token, void(std::exception_ptr, Value)>(
      [](auto handler, PreparedCall prepared) {
        using Handler = decltype(handler);
        // Shared: callbacks of the library can be copied, asio's handlers only moved.
        auto shared = std::make_shared<Handler>(std::move(handler));
        auto executor = asio::get_associated_executor(*shared);
        auto work = asio::make_work_guard(executor);
        std::move(prepared).start([shared, executor, work](Result<Value> result) mutable {
          auto kept = std::make_shared<Result<Value>>(std::move(result));
          asio::post(executor, [shared, kept]() mutable {
            Handler last = std::move(*shared);
            shared.reset();
            if (*kept) {
              std::move(last)(std::exception_ptr(), std::move(**kept));
            } else {
              std::move(last)(to_exception_ptr(kept->error()), Value());
            }
          });
          work.reset();
        });
      },
      token, std::move(call));
}

}  // namespace detail

/// Calls a method by position.
template <class Token, class... Args>
  requires(detail::Writable<std::decay_t<Args>> && ...)
auto async_call(const Client& client, Token&& token, std::string_view method,
                const Args&... arguments) {
  return detail::async_start(std::forward<Token>(token), client.prepare(method, arguments...));
}

/// Calls a method by name. (g++ 12 cannot compile braces within a co_await expression: make the
/// operation before, `auto op = async_call(...)`, then `co_await std::move(op)`.)
template <class Token>
auto async_call(const Client& client, Token&& token, std::string_view method,
                std::initializer_list<NamedLiteral> arguments) {
  return detail::async_start(std::forward<Token>(token), client.prepare(method, arguments));
}

/// Calls a method with a struct of its arguments.
template <class Token>
auto async_call_with(const Client& client, Token&& token, std::string_view method,
                     ValueView arguments) {
  return detail::async_start(std::forward<Token>(token), client.prepare_with(method, arguments));
}

}  // namespace thrift
