#pragma once

/// @file
/// `Sink`: where output goes piece by piece, so that a large result needs little memory.
/// Threads: a Sink belongs to one thread at a time.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <utility>

namespace thrift {

/// Functions that write to a Sink gather a piece (`sink_piece` bytes, or more where one string is
/// longer) in memory of their own and hand it over, then the next one, in order.
class THRIFTPP_API Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink();
  /// The next piece, never empty. It lies there until the call returns. What this throws goes
  /// through to whoever called the function that writes.
  virtual void write(std::span<const std::byte> piece) = 0;
};

/// The usual size of a piece: large enough that handing it over is not seen, small enough to stay
/// in the processor's cache.
inline constexpr std::size_t sink_piece = std::size_t{32} * 1024;

/// Appends to a string that it does not own.
class THRIFTPP_API StringSink final : public Sink {
 public:
  explicit StringSink(std::string& out) noexcept : out_(out) {}
  void write(std::span<const std::byte> piece) override;

 private:
  std::string& out_;
};

/// Calls a function: `FunctionSink sink([&](std::span<const std::byte> piece) { ... });`
template <class F>
class FunctionSink final : public Sink {
 public:
  explicit FunctionSink(F f) : f_(std::move(f)) {}
  void write(std::span<const std::byte> piece) override { f_(piece); }

 private:
  F f_;
};

}  // namespace thrift
