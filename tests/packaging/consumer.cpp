// A user's program: what the packaging tests build against the installed library.
#include <cstdio>
#include <string>
#include <string_view>
#include <thriftpp/base/error.hpp>
#include <thriftpp/base/export.hpp>
#include <thriftpp/base/near_name.hpp>

#ifdef WITH_APACHE
#include <thrift/TApplicationException.h>
#include <thrift/transport/TBufferTransports.h>
#endif

int main() {
  const std::string_view names[] = {"name", "id"};
  const std::string hint = thrift::did_you_mean("nmae", names);
  std::string caught;
  try {
    throw thrift::TypeError("users[3]", "no field `nmae`" + hint);
  } catch (const thrift::Error& error) {
    caught = error.what();
  }
  std::printf("%s\n", caught.c_str());
#ifdef WITH_APACHE
  apache::thrift::transport::TMemoryBuffer buffer;
  if (buffer.getBufferAsString() != "") return 1;
#endif
  return caught == "users[3]: no field `nmae`; did you mean `name`?" ? 0 : 1;
}
