#include <thriftpp/base/error.hpp>

namespace thrift {

ErrorDetail::~ErrorDetail() = default;
Error::~Error() = default;
TypeError::~TypeError() = default;
ProtocolError::~ProtocolError() = default;
TransportError::~TransportError() = default;
ApplicationError::~ApplicationError() = default;

void Failure::raise() const {
  detail_->raise(*this);
  std::terminate();  // g++ does not trust [[noreturn]] on a virtual function
}

TypeErrorDetail::TypeErrorDetail(std::string place, std::string text, std::string expected_type,
                                 std::string given)
    : ErrorDetail(place.empty() ? text : place + ": " + text),
      path(std::move(place)),
      problem(std::move(text)),
      expected(std::move(expected_type)),
      got(std::move(given)) {}

void TypeErrorDetail::raise(const Failure& failure) const {
  throw TypeError(failure);
}

TypeError::TypeError(std::string path, std::string problem, std::string expected, std::string got)
    : Error(make_failure<TypeErrorDetail>(std::move(path), std::move(problem), std::move(expected),
                                          std::move(got))) {}

std::string_view to_string(ProtocolErrorKind kind) noexcept {
  switch (kind) {
    case ProtocolErrorKind::unknown: return "unknown";
    case ProtocolErrorKind::invalid_data: return "invalid data";
    case ProtocolErrorKind::negative_size: return "negative size";
    case ProtocolErrorKind::size_limit: return "size limit";
    case ProtocolErrorKind::bad_version: return "bad version";
    case ProtocolErrorKind::not_implemented: return "not implemented";
    case ProtocolErrorKind::depth_limit: return "depth limit";
    case ProtocolErrorKind::truncated: return "truncated";
    case ProtocolErrorKind::trailing_bytes: return "trailing bytes";
    case ProtocolErrorKind::missing_field: return "missing field";
  }
  return "unknown";
}

ProtocolErrorDetail::ProtocolErrorDetail(ProtocolErrorKind error_kind, std::string what_is_wrong,
                                         std::uint64_t byte_offset, std::string place)
    : ErrorDetail(what_is_wrong + " at offset " + std::to_string(byte_offset) +
                  (place.empty() ? "" : " in `" + place + "`")),
      kind(error_kind),
      problem(std::move(what_is_wrong)),
      offset(byte_offset),
      path(std::move(place)) {}

void ProtocolErrorDetail::raise(const Failure& failure) const {
  throw ProtocolError(failure);
}

ProtocolError::ProtocolError(ProtocolErrorKind kind, std::string problem, std::uint64_t offset,
                             std::string path)
    : Error(make_failure<ProtocolErrorDetail>(kind, std::move(problem), offset, std::move(path))) {}

std::string_view to_string(TransportErrorKind kind) noexcept {
  switch (kind) {
    case TransportErrorKind::unknown: return "unknown";
    case TransportErrorKind::not_open: return "not open";
    case TransportErrorKind::timed_out: return "timed out";
    case TransportErrorKind::end_of_file: return "end of file";
    case TransportErrorKind::interrupted: return "interrupted";
    case TransportErrorKind::bad_args: return "bad arguments";
    case TransportErrorKind::corrupted_data: return "corrupted data";
    case TransportErrorKind::internal_error: return "internal error";
    case TransportErrorKind::client_disconnect: return "client disconnect";
  }
  return "unknown";
}

TransportErrorDetail::TransportErrorDetail(TransportErrorKind error_kind, std::string peer,
                                           std::string what_is_wrong, bool may_retry)
    : ErrorDetail(peer + ": " + what_is_wrong),
      kind(error_kind),
      endpoint(std::move(peer)),
      problem(std::move(what_is_wrong)),
      retryable(may_retry) {}

void TransportErrorDetail::raise(const Failure& failure) const {
  throw TransportError(failure);
}

TransportError::TransportError(TransportErrorKind kind, std::string endpoint, std::string problem,
                               bool retryable)
    : Error(make_failure<TransportErrorDetail>(kind, std::move(endpoint), std::move(problem),
                                               retryable)) {}

std::string_view to_string(ApplicationErrorKind kind) noexcept {
  switch (kind) {
    case ApplicationErrorKind::unknown: return "unknown";
    case ApplicationErrorKind::unknown_method: return "unknown method";
    case ApplicationErrorKind::invalid_message_type: return "invalid message type";
    case ApplicationErrorKind::wrong_method_name: return "wrong method name";
    case ApplicationErrorKind::bad_sequence_id: return "bad sequence id";
    case ApplicationErrorKind::missing_result: return "missing result";
    case ApplicationErrorKind::internal_error: return "internal error";
    case ApplicationErrorKind::protocol_error: return "protocol error";
    case ApplicationErrorKind::invalid_transform: return "invalid transform";
    case ApplicationErrorKind::invalid_protocol: return "invalid protocol";
    case ApplicationErrorKind::unsupported_client_type: return "unsupported client type";
  }
  return "unknown";
}

ApplicationErrorDetail::ApplicationErrorDetail(ApplicationErrorKind error_kind, std::string text,
                                               bool remote)
    : ErrorDetail(std::move(text)), kind(error_kind), from_peer(remote) {}

void ApplicationErrorDetail::raise(const Failure& failure) const {
  throw ApplicationError(failure);
}

ApplicationError::ApplicationError(ApplicationErrorKind kind, std::string message, bool from_peer)
    : Error(make_failure<ApplicationErrorDetail>(kind, std::move(message), from_peer)) {}

}  // namespace thrift
