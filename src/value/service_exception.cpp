#include <thriftpp/value/service_exception.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift {

ServiceExceptionDetail::ServiceExceptionDetail(Value thrown)
    : ErrorDetail(std::string(thrown.type().name()) + " " + to_json(thrown.view())),
      value(std::move(thrown)) {}

void ServiceExceptionDetail::raise(const Failure& failure) const {
  throw ServiceException(failure);
}

ServiceException::ServiceException(Value thrown)
    : Error(make_failure<ServiceExceptionDetail>(std::move(thrown))) {}

ServiceException::~ServiceException() = default;

}  // namespace thrift
