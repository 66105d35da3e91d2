#pragma once

/// @file
/// Coroutines for asio: opt-in, needs the standalone asio (libasio-dev) of the program that
/// includes it. (The library's own use of asio does not show.)
///
/// *Clients.*
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
/// *Servers.* A handler may be a coroutine; it runs on an executor of yours, and the call is
/// answered when it returns:
///
///     server.on("getUser", thrift::coroutine(io, [&](std::string id) -> asio::awaitable<Value> {
///       co_return co_await async_call(backend, asio::use_awaitable, "getUser", id);
///     }));
///
/// Parameters and results are those of other handlers (rpc/handler.hpp); views live until the
/// coroutine ends. Or it takes a `DeferredCall&`, answers it itself, and returns nothing. What it
/// throws is answered as if another handler had thrown it.
/// Threads: as Client and Server.

#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <exception>
#include <memory>
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
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
template <class Token, detail::WritableArgument... Args>
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

namespace detail {

template <class T>
struct AwaitableValue;
template <class T, class Executor>
struct AwaitableValue<asio::awaitable<T, Executor>> {
  using type = T;
};

template <class F, class... P, std::size_t... I>
auto invoke_coroutine(F& f, DeferredCall& call, std::tuple<P...>*, std::index_sequence<I...>) {
  const std::span<const Field> fields = call.function().arguments().fields();
  static_cast<void>(fields);
  return f(argument<P>(call.arguments(), fields[I])...);
}

template <class F>
asio::awaitable<void> answer_by_coroutine(std::shared_ptr<F> f, DeferredCall call) {
  std::exception_ptr error;
  try {
    if constexpr (std::invocable<F&, DeferredCall&>) {
      co_await (*f)(call);
    } else {
      using S = SignatureOf<F>;
      using Result = typename AwaitableValue<typename S::Result>::type;
      auto* const parameters = static_cast<typename S::Parameters*>(nullptr);
      constexpr auto indices = std::make_index_sequence<S::parameters.size()>();
      if constexpr (std::is_void_v<Result>) {
        co_await invoke_coroutine(*f, call, parameters, indices);
        call.reply();
      } else {
        const Result result = co_await invoke_coroutine(*f, call, parameters, indices);
        if (is_null(result)) {
          call.reply();
        } else {
          call.reply(result);
        }
      }
    }
  } catch (...) {
    error = std::current_exception();
  }
  if (error && !call.done()) call.fail(error);
}

template <class Executor, class F>
struct CoroutineHandler {
  Executor executor;
  F f;

  Handler bind(const Function& function) && {
    if constexpr (!std::invocable<F&, DeferredCall&>) {
      using S = SignatureOf<F>;
      using Result = typename AwaitableValue<typename S::Result>::type;
      check_signature(function, S::parameters, cpp_type<std::remove_cvref_t<Result>>);
    }
    return [executor = executor, shared = std::make_shared<F>(std::move(f))](Call& call) {
      asio::co_spawn(executor, answer_by_coroutine(shared, call.defer()), asio::detached);
    };
  }
};

}  // namespace detail

/// A handler that is a coroutine, for Server::on and Processor::on. `where` is an executor, or what
/// has one, such as an asio::io_context, which must outlive the server.
template <class Where, class F>
auto coroutine(Where& where, F f) {
  if constexpr (requires { where.get_executor(); }) {
    return detail::CoroutineHandler<decltype(where.get_executor()), F>{where.get_executor(),
                                                                       std::move(f)};
  } else {
    return detail::CoroutineHandler<std::remove_cv_t<Where>, F>{where, std::move(f)};
  }
}

}  // namespace thrift
