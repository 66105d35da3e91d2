#pragma once

/// @file
/// Handlers: the functions that answer calls, and how C++ functions become them.
///
///     server.on("getUser", [&](std::string_view id) { return find(id); })
///           .on("store", [&](ValueView user, std::optional<std::int32_t> ttl) { ... })
///           .on("import", [&](Call& call) { ... }, {.blocking = true});
///
/// *Parameters* are the arguments by position; each may be anything that `ValueView::as<T>()`
/// gives: bool, signed integers wide enough, double, a C++ enum, std::string_view, std::string,
/// spans, Uuid, ValueView, Value, std::vector, std::set, std::map, ... of these. An argument that
/// the caller did not send is nothing as std::optional<T>, else its IDL default, zero or empty.
///
/// *Results* are anything that a Literal is made from: Value, ValueView, C++ scalars, strings,
/// vectors and maps of these; void for void. An empty std::optional is no result, which the caller
/// sees as ApplicationError (missing_result).
///
/// *Errors.* A handler throws `ServiceException` with a value of an exception that the method
/// declares; `ApplicationError` to answer with that TApplicationException. Anything else it throws
/// becomes TApplicationException INTERNAL_ERROR, whose text says nothing unless
/// `ProcessorOptions::expose_errors`; the connection lives on.
///
/// *Threads.* Handlers may run concurrently, one instance of them for all; a `blocking` one runs on
/// the server's worker threads, any other on the thread that serves the connection, which serves
/// nobody else meanwhile. Views that a handler gets die when it returns.

#include <functional>
#include <memory>
#include <thriftpp/rpc/call.hpp>
#include <thriftpp/rpc/signature.hpp>
#include <thriftpp/value/service_exception.hpp>

namespace thrift {

/// A handler in its general form.
using Handler = std::function<void(Call&)>;

/// Something to be done around each call: before and after `next()`, which runs the rest, down to
/// the handler. It may reply itself and leave `next` out, add headers, measure, or throw what a
/// handler may throw; what the handler throws passes through it. `next` must not be called after it
/// returns. Where the call is deferred, `next()` returns before the answer.
using Middleware = std::function<void(Call& call, const std::function<void()>& next)>;

struct HandlerOptions {
  /// The handler waits for something (a disk, a lock, another service): keep it off the threads
  /// that serve connections.
  bool blocking = false;
};

namespace detail {

/// What makes its general form itself, as `coroutine` of thriftpp/asio.hpp does.
template <class F>
concept BindableHandler = requires(F f, const Function& function) {
  { std::move(f).bind(function) } -> std::convertible_to<Handler>;
};

template <class F>
concept CallHandler = std::invocable<F&, Call&>;

template <class P>
std::remove_cvref_t<P> argument(ValueView arguments, const Field& field) {
  using T = std::remove_cvref_t<P>;
  if constexpr (IsOptional<T>::value) {
    if (!arguments.has(field)) return std::nullopt;
  }
  return convert<T>(arguments[field]);
}

template <class F, class R, class... P, std::size_t... I>
void invoke_handler(F& f, Call& call, std::tuple<P...>*, R*, std::index_sequence<I...>) {
  const ValueView arguments = call.arguments();
  const std::span<const Field> fields = call.function().arguments().fields();
  static_cast<void>(arguments);
  static_cast<void>(fields);
  if constexpr (std::is_void_v<R>) {
    f(argument<P>(arguments, fields[I])...);
  } else {
    const auto& result = f(argument<P>(arguments, fields[I])...);
    if (!is_null(result)) call.reply(result);
  }
}

/// The general form of `f`. Throws TypeError where it does not fit `function`.
template <class F>
Handler make_handler(const Function& function, F f) {
  // Shared, so that functions that can only be moved can be handlers too.
  if constexpr (BindableHandler<F>) {
    return std::move(f).bind(function);
  } else if constexpr (CallHandler<F>) {
    static_cast<void>(function);
    return [shared = std::make_shared<F>(std::move(f))](Call& call) { (*shared)(call); };
  } else {
    static_assert(HasSignature<F>,
                  "a handler's parameters must have known types: no `auto`, no overloads");
    using S = SignatureOf<F>;
    check_signature(function, S::parameters, cpp_type<typename S::Result>);
    return [shared = std::make_shared<F>(std::move(f))](Call& call) {
      invoke_handler(*shared, call, static_cast<typename S::Parameters*>(nullptr),
                     static_cast<typename S::Result*>(nullptr),
                     std::make_index_sequence<S::parameters.size()>());
    };
  }
}

}  // namespace detail

}  // namespace thrift
