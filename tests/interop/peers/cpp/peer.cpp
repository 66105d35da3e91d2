// The peer on Apache's C++ runtime (Debian's libthrift-dev), with generated code.

#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/THeaderProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/THttpClient.h>
#include <thrift/transport/THttpServer.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TSSLServerSocket.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TServerSocket.h>
#include <thrift/transport/TZlibTransport.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <limits>

#include "SecondService.h"
#include "ThriftTest.h"

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;
using namespace cross;

namespace {

struct Options {
  std::string protocol, transport, certs, path;
  bool ssl = false;
  bool multi = false;
  int port = 0;

  Options(int argc, char** argv) {
    bool abstract = false;
    for (int i = 2; i < argc; ++i) {
      const std::string word(argv[i]);
      const std::size_t equals = word.find('=');
      const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
      if (word == "--ssl") ssl = true;
      if (word == "--abstract-namespace") abstract = true;
      if (word.rfind("--protocol=", 0) == 0) protocol = value;
      if (word.rfind("--transport=", 0) == 0) transport = value;
      if (word.rfind("--certs=", 0) == 0) certs = value;
      if (word.rfind("--domain-socket=", 0) == 0) path = value;
      if (word.rfind("--port=", 0) == 0) port = std::stoi(value);
    }
    if (abstract) path.insert(0, 1, '\0');
    multi = protocol.rfind("multi", 0) == 0;
    if (multi) {
      const std::string suffix = protocol.substr(5);
      protocol = suffix == "c"   ? "compact"
                 : suffix == "j" ? "json"
                 : suffix == "h" ? "header"
                                 : "binary";
    }
  }
};

std::shared_ptr<TProtocolFactory> protocol_factory(const Options& options) {
  if (options.protocol == "compact") return std::make_shared<TCompactProtocolFactory>();
  if (options.protocol == "json") return std::make_shared<TJSONProtocolFactory>();
  if (options.protocol == "header") return std::make_shared<THeaderProtocolFactory>();
  return std::make_shared<TBinaryProtocolFactory>();
}

class Handler : public ThriftTestIf, public SecondServiceIf {
 public:
  void testVoid() override {}
  void testString(std::string& out, const std::string& thing) override { out = thing; }
  bool testBool(const bool thing) override { return thing; }
  std::int8_t testByte(const std::int8_t thing) override { return thing; }
  std::int32_t testI32(const std::int32_t thing) override { return thing; }
  std::int64_t testI64(const std::int64_t thing) override { return thing; }
  double testDouble(const double thing) override { return thing; }
  void testBinary(std::string& out, const std::string& thing) override { out = thing; }
  void testStruct(Xtruct& out, const Xtruct& thing) override { out = thing; }
  void testNest(Xtruct2& out, const Xtruct2& thing) override { out = thing; }
  void testMap(std::map<std::int32_t, std::int32_t>& out,
               const std::map<std::int32_t, std::int32_t>& thing) override {
    out = thing;
  }
  void testStringMap(std::map<std::string, std::string>& out,
                     const std::map<std::string, std::string>& thing) override {
    out = thing;
  }
  void testSet(std::set<std::int32_t>& out, const std::set<std::int32_t>& thing) override {
    out = thing;
  }
  void testList(std::vector<std::int32_t>& out, const std::vector<std::int32_t>& thing) override {
    out = thing;
  }
  Numberz::type testEnum(const Numberz::type thing) override { return thing; }
  UserId testTypedef(const UserId thing) override { return thing; }
  void testMapMap(std::map<std::int32_t, std::map<std::int32_t, std::int32_t>>& out,
                  const std::int32_t) override {
    for (int i = 1; i < 5; ++i) {
      out[4][i] = i;
      out[-4][-i] = -i;
    }
  }
  void testInsanity(std::map<UserId, std::map<Numberz::type, Insanity>>& out,
                    const Insanity& argument) override {
    out[1][Numberz::TWO] = argument;
    out[1][Numberz::THREE] = argument;
    out[2][Numberz::SIX] = Insanity();
  }
  void testMulti(Xtruct& out, const std::int8_t arg0, const std::int32_t arg1,
                 const std::int64_t arg2, const std::map<std::int16_t, std::string>&,
                 const Numberz::type, const UserId) override {
    out.__set_string_thing("Hello2");
    out.__set_byte_thing(arg0);
    out.__set_i32_thing(arg1);
    out.__set_i64_thing(arg2);
  }
  void testException(const std::string& arg) override {
    if (arg == "Xception") throw xception(arg);
    if (arg == "TException") throw TException("as asked for");
  }
  void testMultiException(Xtruct& out, const std::string& arg0, const std::string& arg1) override {
    if (arg0 == "Xception") throw xception("This is an Xception");
    if (arg0 == "Xception2") {
      Xception2 e;
      e.__set_errorCode(2002);
      e.struct_thing.__set_string_thing("This is an Xception2");
      e.__isset.struct_thing = true;
      throw e;
    }
    out.__set_string_thing(arg1);
  }
  void testOneway(const std::int32_t) override {}
  void secondtestString(std::string& out, const std::string& thing) override {
    out = "testString(\"" + thing + "\")";
  }

  static Xception xception(const std::string& message) {
    Xception e;
    e.__set_errorCode(1001);
    e.__set_message(message);
    return e;
  }
};

int serve(const Options& options) {
  const auto handler = std::make_shared<Handler>();
  std::shared_ptr<TProcessor> processor = std::make_shared<ThriftTestProcessor>(handler);
  if (options.multi) {
    const auto both = std::make_shared<TMultiplexedProcessor>();
    both->registerDefault(processor);
    both->registerProcessor("ThriftTest", processor);
    both->registerProcessor("SecondService", std::make_shared<SecondServiceProcessor>(handler));
    processor = both;
  }
  std::shared_ptr<TServerSocket> socket;
  if (options.ssl) {
    const auto factory = std::make_shared<TSSLSocketFactory>();
    factory->loadCertificate((options.certs + "/server.crt").c_str());
    factory->loadPrivateKey((options.certs + "/server.key").c_str());
    factory->server(true);
    socket = std::make_shared<TSSLServerSocket>(options.port, factory);
  } else if (!options.path.empty()) {
    socket = std::make_shared<TServerSocket>(options.path);
  } else {
    socket = std::make_shared<TServerSocket>(options.port);
  }
  std::shared_ptr<TTransportFactory> transport;
  if (options.transport == "framed")
    transport = std::make_shared<TFramedTransportFactory>();
  else if (options.transport == "http")
    transport = std::make_shared<THttpServerTransportFactory>();
  else if (options.transport == "zlib")
    transport = std::make_shared<TZlibTransportFactory>();
  else
    transport = std::make_shared<TBufferedTransportFactory>();
  if (options.transport == "evframed") {
    server::TNonblockingServer(processor, protocol_factory(options),
                               std::make_shared<TNonblockingServerSocket>(options.port))
        .serve();
  } else {
    server::TThreadedServer(processor, socket, transport, protocol_factory(options)).serve();
  }
  return 0;
}

int failures = 0;

void expect(bool good, const std::string& what) {
  if (good) return;
  ++failures;
  std::cout << "a wrong result: " << what << std::endl;
}

Xtruct xtruct(const std::string& text, int byte, int i32, std::int64_t i64) {
  Xtruct out;
  out.__set_string_thing(text);
  out.__set_byte_thing(static_cast<std::int8_t>(byte));
  out.__set_i32_thing(i32);
  out.__set_i64_thing(i64);
  return out;
}

void call_base_types(ThriftTestIf& client) {
  client.testVoid();
  std::string got;
  for (const std::string& text :
       {std::string(), std::string("Test"), std::string(20000, 'x'),
        std::string("quote: \" backslash: \\ slash: / \b\f\n\r\t\x01\x1f\x7f ]] \\\" }}}{ [[[ "),
        std::string("\u00c6nglisc, \u65e5\u672c\u8a9e, \u0627\u0644, e\u0301, \U0001F600")}) {
    client.testString(got, text);
    expect(got == text, "testString " + text);
  }
  for (int size : {0, 1, 2, 3, 4, 256, 4096, 131072}) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i % 256);
    client.testBinary(got, bytes);
    expect(got == bytes, "testBinary " + std::to_string(size));
  }
  expect(client.testBool(true) && !client.testBool(false), "testBool");
  for (int i = -128; i < 128; i += 5) {
    expect(client.testByte(static_cast<std::int8_t>(i)) == i, "testByte " + std::to_string(i));
  }
  for (std::int32_t i : {0, 1, -1, 190000013, std::numeric_limits<std::int32_t>::max(),
                         std::numeric_limits<std::int32_t>::min()}) {
    expect(client.testI32(i) == i, "testI32 " + std::to_string(i));
  }
  for (std::int64_t i :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{7000000000000000123},
        std::int64_t{-7000000000000000123}, std::int64_t{1} << 32, -(std::int64_t{1} << 32) - 1,
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    expect(client.testI64(i) == i && client.testTypedef(i) == i, "testI64 " + std::to_string(i));
  }
  for (double d : {0.0, -1.0, -5.2098523, 7.012052175215044, -0.000341012439638598279, 4294967297.0,
                   9007199254740991.0, 1e307, 1e-292, std::numeric_limits<double>::infinity(),
                   -std::numeric_limits<double>::infinity()}) {
    expect(client.testDouble(d) == d, "testDouble " + std::to_string(d));
  }
  const double nan = client.testDouble(std::numeric_limits<double>::quiet_NaN());
  expect(nan != nan, "testDouble NaN");
  for (Numberz::type i : {Numberz::ONE, Numberz::FIVE, Numberz::EIGHT}) {
    expect(client.testEnum(i) == i, "testEnum");
  }
}

void call_structures(ThriftTestIf& client) {
  Xtruct struct_got;
  for (const Xtruct& thing : {xtruct("Zero", 1, -3, -5), xtruct("", 0, 0, 0)}) {
    client.testStruct(struct_got, thing);
    expect(struct_got == thing, "testStruct");
  }
  Xtruct2 nest, nest_got;
  nest.__set_byte_thing(1);
  nest.__set_struct_thing(xtruct("Zero", 1, -3, -5));
  nest.__set_i32_thing(5);
  client.testNest(nest_got, nest);
  expect(nest_got == nest, "testNest");
  std::map<std::int32_t, std::int32_t> numbers, numbers_got;
  client.testMap(numbers_got, numbers);
  expect(numbers_got == numbers, "testMap of nothing");
  for (int i = 0; i < 100; ++i) numbers[i] = i - 10;
  client.testMap(numbers_got, numbers);
  expect(numbers_got == numbers, "testMap");
  const std::map<std::string, std::string> words{
      {"a", "2"}, {"b", "blah"}, {"a b", ""}, {"", std::string(2000, 'l')}};
  std::map<std::string, std::string> words_got;
  client.testStringMap(words_got, words);
  expect(words_got == words, "testStringMap");
  const std::set<std::int32_t> set{-2, -1, 0, 1, 2};
  std::set<std::int32_t> set_got;
  client.testSet(set_got, set);
  expect(set_got == set, "testSet");
  for (int size : {0, 5, 14, 15, 1000}) {
    std::vector<std::int32_t> list(static_cast<std::size_t>(size), -7), list_got;
    client.testList(list_got, list);
    expect(list_got == list, "testList");
  }
  std::map<std::int32_t, std::map<std::int32_t, std::int32_t>> maps, maps_wanted;
  client.testMapMap(maps, 42);
  Handler().testMapMap(maps_wanted, 42);
  expect(maps == maps_wanted, "testMapMap");
  Insanity insane;
  insane.__set_userMap({{Numberz::FIVE, 5}, {Numberz::EIGHT, 8}});
  insane.__set_xtructs({xtruct("Goodbye4", 4, 4, 4), xtruct("Hello2", 2, 2, 2)});
  std::map<UserId, std::map<Numberz::type, Insanity>> all, all_wanted;
  client.testInsanity(all, insane);
  Handler().testInsanity(all_wanted, insane);
  expect(all == all_wanted, "testInsanity");
  client.testMulti(struct_got, 42, 4242, 424242, {{1, "blah"}, {2, "thing"}}, Numberz::EIGHT, 24);
  expect(struct_got == xtruct("Hello2", 42, 4242, 424242), "testMulti");
}

void call_exceptions(ThriftTestIf& client) {
  try {
    client.testException("Xception");
    expect(false, "testException(Xception)");
  } catch (const Xception& e) {
    expect(e.errorCode == 1001 && e.message == "Xception", "testException(Xception)");
  }
  try {
    client.testException("TException");
    expect(false, "testException(TException)");
  } catch (const TApplicationException& e) {
    expect(e.getType() == TApplicationException::INTERNAL_ERROR ||
               e.getType() == TApplicationException::UNKNOWN,
           "testException(TException)");
  }
  client.testException("success");
  Xtruct got;
  try {
    client.testMultiException(got, "Xception", "test 1");
    expect(false, "testMultiException(Xception)");
  } catch (const Xception& e) {
    expect(e.errorCode == 1001 && e.message == "This is an Xception", "testMultiException");
  }
  try {
    client.testMultiException(got, "Xception2", "test 2");
    expect(false, "testMultiException(Xception2)");
  } catch (const Xception2& e) {
    expect(e.errorCode == 2002 && e.struct_thing.string_thing == "This is an Xception2",
           "testMultiException(Xception2)");
  }
  client.testMultiException(got, "success", "test 3");
  expect(got.string_thing == "test 3", "testMultiException(success)");
}

std::shared_ptr<TTransport> connect(const Options& options) {
  std::shared_ptr<TSocket> socket;
  if (options.ssl) {
    static const auto factory = std::make_shared<TSSLSocketFactory>();
    factory->loadTrustedCertificates((options.certs + "/CA.pem").c_str());
    factory->loadCertificate((options.certs + "/client.crt").c_str());
    factory->loadPrivateKey((options.certs + "/client.key").c_str());
    factory->authenticate(true);
    socket = factory->createSocket("localhost", options.port);
  } else if (!options.path.empty()) {
    socket = std::make_shared<TSocket>(options.path);
  } else {
    socket = std::make_shared<TSocket>("localhost", options.port);
  }
  socket->setRecvTimeout(20000);
  if (options.transport == "framed" || options.transport == "evframed") {
    return std::make_shared<TFramedTransport>(socket);
  }
  if (options.transport == "http") {
    return std::make_shared<THttpClient>(std::shared_ptr<TTransport>(socket), "localhost",
                                         "/service");
  }
  if (options.transport == "zlib") return std::make_shared<TZlibTransport>(socket);
  return std::make_shared<TBufferedTransport>(socket);
}

int call(const Options& options) {
  for (int round = 0; round < 2; ++round) {  // each a connection of its own
    const auto transport = connect(options);
    const auto plain = protocol_factory(options)->getProtocol(transport);
    auto protocol = plain;
    std::shared_ptr<SecondServiceClient> second;
    if (options.multi) {
      protocol = std::make_shared<TMultiplexedProtocol>(plain, "ThriftTest");
      second = std::make_shared<SecondServiceClient>(
          std::make_shared<TMultiplexedProtocol>(plain, "SecondService"));
    }
    ThriftTestClient client(protocol);
    transport->open();
    call_base_types(client);
    if (second) {
      std::string got;
      second->secondtestString(got, "foo");
      expect(got == "testString(\"foo\")", "secondtestString");
    }
    call_structures(client);
    call_exceptions(client);
    const auto start = std::chrono::steady_clock::now();
    client.testOneway(1);
    expect(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(900),
           "testOneway waits");
    expect(client.testI32(-1) == -1, "testI32 after testOneway");
    transport->close();
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  const Options options(argc, argv);
  try {
    return std::string(argv[1]) == "server" ? serve(options) : call(options);
  } catch (const std::exception& e) {
    std::cout << "peer: " << e.what() << std::endl;
    return 2;
  }
}
