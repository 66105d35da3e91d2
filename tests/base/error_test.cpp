#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>
#include <thriftpp/base/result.hpp>

using namespace thrift;

TEST_CASE("a failure raises the exception of its kind, with the same text") {
  const Failure type =
      make_failure<TypeErrorDetail>("users[3].age", "300 is too large for `i8`", "i8", "300");
  CHECK(type.message() == "users[3].age: 300 is too large for `i8`");
  CHECK_THROWS_AS(type.raise(), TypeError);
  try {
    type.raise();
  } catch (const Error& e) {
    CHECK(std::string_view(e.what()) == type.message());
    CHECK(e.failure().as<TypeErrorDetail>()->expected == "i8");
    CHECK(e.failure().as<ProtocolErrorDetail>() == nullptr);
  }
}

TEST_CASE("protocol errors name offset and path") {
  const ProtocolError e(ProtocolErrorKind::truncated, "the input ends inside a string", 17,
                        "Batch.spans[2].operationName");
  CHECK(e.message() ==
        "the input ends inside a string at offset 17 in `Batch.spans[2].operationName`");
  CHECK(e.offset() == 17);
}

TEST_CASE("transport errors name the endpoint and whether trying again is safe") {
  const TransportError e(TransportErrorKind::not_open, "tcp://127.0.0.1:1", "connection refused",
                         true);
  CHECK(e.message() == "tcp://127.0.0.1:1: connection refused");
  CHECK(e.retryable());
}

TEST_CASE("a result holds a value or throws its failure when asked for one") {
  const Result<int> good = 5;
  CHECK(*good == 5);
  const Result<int> bad = make_failure<ApplicationErrorDetail>(ApplicationErrorKind::unknown_method,
                                                               "unknown method `x`", true);
  CHECK_FALSE(bad);
  CHECK_THROWS_AS((void)bad.value(), ApplicationError);
  const Result<void> done;
  CHECK(done);
}
