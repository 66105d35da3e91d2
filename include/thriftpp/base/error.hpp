#pragma once

/// @file
/// Errors: one hierarchy, by who handles it.
///
///     Error
///     |-- IdlError            the .thrift files are wrong            (idl layer: all diagnostics)
///     |-- TypeError           a value does not fit its type          (path, expected, got)
///     |-- ProtocolError       the bytes are wrong                    (offset, path)
///     |-- TransportError      the peer cannot be reached or is gone  (endpoint, retryable)
///     |-- ApplicationError    the other side answered with TApplicationException
///     `-- ServiceException    an exception that the IDL declares     (value layer: its Value)
///
/// A `Failure` is the one concrete error: a shared, immutable detail. `Result<T>` holds one instead
/// of a T; the exceptions above are thin and are built from it (`Failure::raise`). Hot loops return
/// a status, and one cold function turns it into a Failure at the border.
///
/// Style of messages: lower case, no final stop, names in backquotes.
/// Threads: all types here are immutable once made; const use is safe from several threads.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <utility>

namespace thrift {

class Failure;

/// What went wrong, in full. Each layer derives its own detail, which knows the exception to throw.
struct THRIFTPP_API ErrorDetail {
  explicit ErrorDetail(std::string text) : message(std::move(text)) {}
  ErrorDetail(const ErrorDetail&) = default;
  ErrorDetail& operator=(const ErrorDetail&) = delete;
  virtual ~ErrorDetail();

  /// Throws the named exception that carries `failure`, whose detail this is.
  [[noreturn]] virtual void raise(const Failure& failure) const = 0;

  std::string message;  ///< The whole text, one line (IdlError: as many lines as diagnostics need).
};

/// One concrete error: a cheap, shared handle to its detail. Never empty.
class THRIFTPP_API Failure {
 public:
  explicit Failure(std::shared_ptr<const ErrorDetail> detail) : detail_(std::move(detail)) {}

  [[nodiscard]] const std::string& message() const noexcept { return detail_->message; }
  [[nodiscard]] const ErrorDetail& detail() const noexcept { return *detail_; }
  /// The detail as a D, or nullptr where it is another one.
  template <class D>
  [[nodiscard]] const D* as() const noexcept {
    return dynamic_cast<const D*>(detail_.get());
  }
  /// Throws the exception of this error's kind.
  [[noreturn]] void raise() const;

 private:
  std::shared_ptr<const ErrorDetail> detail_;
};

/// Makes a Failure with a detail of type D.
template <class D, class... Args>
[[nodiscard]] Failure make_failure(Args&&... args) {
  return Failure(std::make_shared<const D>(std::forward<Args>(args)...));
}

/// The root of everything that the library throws on purpose.
class THRIFTPP_API Error : public std::exception {
 public:
  explicit Error(Failure failure) : failure_(std::move(failure)) {}
  Error(const Error&) = default;
  Error& operator=(const Error&) = default;
  ~Error() override;

  [[nodiscard]] const char* what() const noexcept override { return failure_.message().c_str(); }
  [[nodiscard]] const std::string& message() const noexcept { return failure_.message(); }
  [[nodiscard]] const Failure& failure() const noexcept { return failure_; }

 private:
  Failure failure_;
};

/// A value does not fit: wrong type, unknown field, overflow, missing required field.
struct THRIFTPP_API TypeErrorDetail : ErrorDetail {
  /// `path` is the place in the value ("users[3].age"), empty for its root. The message becomes
  /// "path: problem", or "problem" at the root.
  TypeErrorDetail(std::string place, std::string text, std::string expected_type = {},
                  std::string given = {});
  [[noreturn]] void raise(const Failure& failure) const override;

  std::string path;
  std::string problem;   ///< The message without the path.
  std::string expected;  ///< The type that was wanted, e.g. `list<i32>`; may be empty.
  std::string got;       ///< What was given; may be empty.

  // What programs that report the error want apart from its text.
  std::string unknown_field = {};  ///< The name of which `path` has no field; may be empty.
  std::string suggestion = {};     ///< The name that was meant, perhaps; may be empty.
  unsigned line = 0;               ///< Where text is not JSON, from 1; 0: it is about a value.
  unsigned column = 0;             ///< In bytes.
};

class THRIFTPP_API TypeError : public Error {
 public:
  using Error::Error;
  explicit TypeError(std::string problem) : TypeError({}, std::move(problem)) {}
  TypeError(std::string path, std::string problem, std::string expected = {}, std::string got = {});
  ~TypeError() override;

  [[nodiscard]] const std::string& path() const noexcept { return info().path; }
  [[nodiscard]] const std::string& problem() const noexcept { return info().problem; }
  [[nodiscard]] const std::string& expected() const noexcept { return info().expected; }
  [[nodiscard]] const std::string& got() const noexcept { return info().got; }
  [[nodiscard]] const TypeErrorDetail& info() const noexcept {
    return static_cast<const TypeErrorDetail&>(failure().detail());
  }
};

/// The bytes break the protocol. Numbers are those of Apache's TProtocolException, ours above 100.
enum class ProtocolErrorKind : std::uint8_t {
  unknown = 0,
  invalid_data = 1,
  negative_size = 2,
  size_limit = 3,
  bad_version = 4,
  not_implemented = 5,
  depth_limit = 6,
  truncated = 101,  ///< The input ends inside a value. Apache: a TTransportException END_OF_FILE.
  trailing_bytes = 102,  ///< Bytes are left after a whole value.
  missing_field = 103,   ///< A required field is absent. Apache: INVALID_DATA.
};

/// "invalid data", "size limit", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(ProtocolErrorKind kind) noexcept;

struct THRIFTPP_API ProtocolErrorDetail : ErrorDetail {
  /// The message becomes "problem at offset N in `path`"; the path is left out where it is empty.
  ProtocolErrorDetail(ProtocolErrorKind error_kind, std::string what_is_wrong,
                      std::uint64_t byte_offset, std::string place);
  [[noreturn]] void raise(const Failure& failure) const override;

  ProtocolErrorKind kind;
  std::string problem;
  std::uint64_t offset;  ///< Bytes from the start of the input.
  std::string path;      ///< "Batch.spans[3].tags[0].key"; may be empty.
};

class THRIFTPP_API ProtocolError : public Error {
 public:
  using Error::Error;
  ProtocolError(ProtocolErrorKind kind, std::string problem, std::uint64_t offset,
                std::string path = {});
  ~ProtocolError() override;

  [[nodiscard]] ProtocolErrorKind kind() const noexcept { return info().kind; }
  [[nodiscard]] std::uint64_t offset() const noexcept { return info().offset; }
  [[nodiscard]] const std::string& path() const noexcept { return info().path; }

 private:
  [[nodiscard]] const ProtocolErrorDetail& info() const noexcept {
    return static_cast<const ProtocolErrorDetail&>(failure().detail());
  }
};

/// Numbers 1 to 8 are those of Apache's TTransportException.
enum class TransportErrorKind : std::uint8_t {
  unknown = 0,
  not_open = 1,
  timed_out = 2,
  end_of_file = 3,
  interrupted = 4,
  bad_args = 5,
  corrupted_data = 6,
  internal_error = 7,
  client_disconnect = 8,
};

[[nodiscard]] THRIFTPP_API std::string_view to_string(TransportErrorKind kind) noexcept;

struct THRIFTPP_API TransportErrorDetail : ErrorDetail {
  /// The message becomes "endpoint: problem".
  TransportErrorDetail(TransportErrorKind error_kind, std::string peer, std::string what_is_wrong,
                       bool may_retry);
  [[noreturn]] void raise(const Failure& failure) const override;

  TransportErrorKind kind;
  std::string endpoint;
  std::string problem;
  bool retryable;
};

class THRIFTPP_API TransportError : public Error {
 public:
  using Error::Error;
  TransportError(TransportErrorKind kind, std::string endpoint, std::string problem,
                 bool retryable = false);
  ~TransportError() override;

  [[nodiscard]] TransportErrorKind kind() const noexcept { return info().kind; }
  [[nodiscard]] const std::string& endpoint() const noexcept { return info().endpoint; }
  /// True where the call certainly did not run on the peer, so that trying again is safe.
  [[nodiscard]] bool retryable() const noexcept { return info().retryable; }

 private:
  [[nodiscard]] const TransportErrorDetail& info() const noexcept {
    return static_cast<const TransportErrorDetail&>(failure().detail());
  }
};

/// Numbers are those of Apache's TApplicationException.
enum class ApplicationErrorKind : std::int32_t {
  unknown = 0,
  unknown_method = 1,
  invalid_message_type = 2,
  wrong_method_name = 3,
  bad_sequence_id = 4,
  missing_result = 5,
  internal_error = 6,
  protocol_error = 7,
  invalid_transform = 8,
  invalid_protocol = 9,
  unsupported_client_type = 10,
};

[[nodiscard]] THRIFTPP_API std::string_view to_string(ApplicationErrorKind kind) noexcept;

struct THRIFTPP_API ApplicationErrorDetail : ErrorDetail {
  ApplicationErrorDetail(ApplicationErrorKind error_kind, std::string text, bool remote);
  [[noreturn]] void raise(const Failure& failure) const override;

  ApplicationErrorKind kind;
  bool from_peer;
};

/// TApplicationException: the method is unknown, the handler failed, the reply makes no sense.
class THRIFTPP_API ApplicationError : public Error {
 public:
  using Error::Error;
  ApplicationError(ApplicationErrorKind kind, std::string message, bool from_peer = false);
  ~ApplicationError() override;

  /// Kept as received: a peer may send numbers that have no name here.
  [[nodiscard]] ApplicationErrorKind kind() const noexcept { return info().kind; }
  /// True where the peer sent it, false where this side found it out.
  [[nodiscard]] bool from_peer() const noexcept { return info().from_peer; }

 private:
  [[nodiscard]] const ApplicationErrorDetail& info() const noexcept {
    return static_cast<const ApplicationErrorDetail&>(failure().detail());
  }
};

}  // namespace thrift
