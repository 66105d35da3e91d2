#include <iostream>
#include <thriftpp/json/read.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/value/text.hpp>

#include "crosstest.hpp"

namespace crosstest {

namespace {

using namespace thrift;

enum Bit : int { base_types = 1, structs = 2, containers = 4, exceptions = 8, no_connection = 64 };

struct Call {
  Bit bit;
  const char* method;
  const char* arguments;  // a JSON object
  const char* result;     // JSON
};

// Arguments as Apache's clients send them, and as one may.
constexpr Call calls[] = {
    {base_types, "testString", R"({"thing":"Test"})", R"("Test")"},
    {base_types, "testString", R"({"thing":""})", R"("")"},
    {base_types, "testString",
     R"({"thing":"quote: \" backslash: \\ forwardslash-escaped: / backspace: \b formfeed: \f newline: \n return: \r tab: \t now-all-of-them-together: \"\\/\b\n\r\t now-a-bunch-of-junk: !@#$%&()(&%$#{}{}<><><"})",
     R"("quote: \" backslash: \\ forwardslash-escaped: / backspace: \b formfeed: \f newline: \n return: \r tab: \t now-all-of-them-together: \"\\/\b\n\r\t now-a-bunch-of-junk: !@#$%&()(&%$#{}{}<><><")"},
    {base_types, "testString",
     "{\"thing\":\"\xc3\x85ngstr\xc3\xb6m \xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a "
     "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80\"}",
     "\"\xc3\x85ngstr\xc3\xb6m \xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a \xe4\xb8\xad\xe6\x96\x87 "
     "\xf0\x9f\x98\x80\""},
    {base_types, "testBool", R"({"thing":true})", "true"},
    {base_types, "testBool", R"({"thing":false})", "false"},
    {base_types, "testByte", R"({"thing":1})", "1"},
    {base_types, "testByte", R"({"thing":-127})", "-127"},
    {base_types, "testByte", R"({"thing":-128})", "-128"},
    {base_types, "testI32", R"({"thing":-1})", "-1"},
    {base_types, "testI32", R"({"thing":190000013})", "190000013"},
    {base_types, "testI32", R"({"thing":2147483647})", "2147483647"},
    {base_types, "testI32", R"({"thing":-2147483648})", "-2147483648"},
    {base_types, "testI64", R"({"thing":7000000000000000123})", "7000000000000000123"},
    {base_types, "testI64", R"({"thing":-7000000000000000123})", "-7000000000000000123"},
    {base_types, "testI64", R"({"thing":4294967296})", "4294967296"},
    {base_types, "testI64", R"({"thing":-9223372036854775808})", "-9223372036854775808"},
    {base_types, "testI64", R"({"thing":9223372036854775807})", "9223372036854775807"},
    {base_types, "testDouble", R"({"thing":-5.2098523})", "-5.2098523"},
    {base_types, "testDouble", R"({"thing":-0.000341012439638598279})", "-0.000341012439638598279"},
    {base_types, "testDouble", R"({"thing":9007199254740991})", "9007199254740991"},
    {base_types, "testDouble", R"({"thing":1e307})", "1e307"},
    {base_types, "testDouble", R"({"thing":1e-292})", "1e-292"},
    {base_types, "testEnum", R"({"thing":"ONE"})", R"("ONE")"},
    {base_types, "testEnum", R"({"thing":"FIVE"})", R"("FIVE")"},
    {base_types, "testEnum", R"({"thing":"EIGHT"})", R"("EIGHT")"},
    {base_types, "testTypedef", R"({"thing":309858235082523})", "309858235082523"},
    {structs, "testStruct",
     R"({"thing":{"string_thing":"Zero","byte_thing":1,"i32_thing":-3,"i64_thing":-5}})",
     R"({"string_thing":"Zero","byte_thing":1,"i32_thing":-3,"i64_thing":-5})"},
    {structs, "testNest",
     R"({"thing":{"byte_thing":1,"struct_thing":{"string_thing":"Zero","byte_thing":1,"i32_thing":-3,"i64_thing":-5},"i32_thing":5}})",
     R"({"byte_thing":1,"struct_thing":{"string_thing":"Zero","byte_thing":1,"i32_thing":-3,"i64_thing":-5},"i32_thing":5})"},
    {containers, "testMap", R"({"thing":{"0":-10,"1":-9,"2":-8,"3":-7,"4":-6}})",
     R"({"0":-10,"1":-9,"2":-8,"3":-7,"4":-6})"},
    {containers, "testStringMap", R"({"thing":{"a":"2","b":"blah","some":"thing","a b":""}})",
     R"({"a":"2","b":"blah","some":"thing","a b":""})"},
    {containers, "testSet", R"({"thing":[-2,-1,0,1,2]})", "[-2,-1,0,1,2]"},
    {containers, "testList", R"({"thing":[]})", "[]"},
    {containers, "testList", R"({"thing":[-2,-1,0,1,2]})", "[-2,-1,0,1,2]"},
    {containers, "testList", R"({"thing":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]})",
     "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]"},
    {containers, "testMapMap", R"({"hello":1})",
     R"({"-4":{"-4":-4,"-3":-3,"-2":-2,"-1":-1},"4":{"1":1,"2":2,"3":3,"4":4}})"},
    {structs, "testMulti",
     R"({"arg0":42,"arg1":4242,"arg2":424242,"arg3":{"1":"blah","2":"thing"},"arg4":"EIGHT","arg5":24})",
     R"({"string_thing":"Hello2","byte_thing":42,"i32_thing":4242,"i64_thing":424242})"},
    {base_types, "testUuid", R"({"thing":"5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"})",
     R"("5e2ab188-1726-4e75-a04f-1ed9a6a89c4c")"},
    {base_types, "testUuid", R"({"thing":"00112233-4455-6677-8899-aabbccddeeff"})",
     R"("00112233-4455-6677-8899-aabbccddeeff")"},
};

class Run {
 public:
  Run(const Idl& idl, const Options& options)
      : idl_(idl),
        options_(options),
        client_(idl, "ThriftTest", options.client_url() + options.service("ThriftTest")) {}

  int all() {
    client_.connect();
    step(base_types, "testVoid", [&] { return client_.call("testVoid").is_void(); });
    for (const Call& call : calls) {
      if (client_.service().find_function(call.method) == nullptr) continue;  // an older IDL
      step(call.bit, call.method, [&] { return check(call); });
    }
    if (options_.is_multiplexed()) second_service();
    binary();
    insanity();
    throwing();
    step(base_types, "testOneway", [&] {
      client_.call("testOneway", 1);
      return client_.call("testI32", -1).as<std::int32_t>() == -1;
    });
    return exit_code_;
  }

 private:
  template <class F>
  void step(Bit bit, const char* name, F run) {
    try {
      if (run()) return;
      std::cout << "*** FAILED ***: " << name << ": a wrong result\n";
    } catch (const TransportError&) {
      throw;  // nothing else would go
    } catch (const Error& e) {
      std::cout << "*** FAILED ***: " << name << ": " << e.message() << '\n';
    }
    exit_code_ |= bit;
  }

  bool check(const Call& call) {
    const Function& function = client_.service().function(call.method);
    const Value got =
        client_.call_with(call.method, from_json(call.arguments, function.arguments()));
    if (got == from_json(call.result, function.success()->type())) return true;
    std::cout << call.method << '(' << call.arguments << ") is " << got << ", not " << call.result
              << '\n';
    return false;
  }

  // In between, as Apache's clients call it. Some servers serve one connection after the other.
  void second_service() {
    client_.close();
    step(base_types, "secondtestString", [&] {
      const Client second(idl_, "SecondService",
                          options_.client_url() + options_.service("SecondService"));
      return second.call("secondtestString", "foo").as<std::string>() == "testString(\"foo\")";
    });
  }

  void binary() {
    for (const std::size_t size : {0U, 1U, 2U, 4U, 16U, 256U, 1024U, 131072U}) {
      step(base_types, "testBinary", [&] {
        std::string bytes(size, '\0');
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
        return client_.call("testBinary", bytes).as<std::string>() == bytes;
      });
    }
  }

  // The answer has the argument twice under 1, and something empty under 2.
  void insanity() {
    step(containers, "testInsanity", [&] {
      const Function& function = client_.service().function("testInsanity");
      const Value arguments = from_json(
          R"({"argument":{"userMap":{"FIVE":5,"EIGHT":8},"xtructs":[
              {"string_thing":"Goodbye4","byte_thing":4,"i32_thing":4,"i64_thing":4},
              {"string_thing":"Hello2","byte_thing":2,"i32_thing":2,"i64_thing":2}]}})",
          function.arguments());
      const Value got = client_.call_with("testInsanity", arguments);
      const ValueView one = got[1];
      const ValueView two = got[2];
      const ValueView nothing = two["SIX"];
      return got.size() == 2 && one.size() == 2 && one["TWO"] == arguments["argument"] &&
             one["THREE"] == arguments["argument"] && two.size() == 1 &&
             nothing["userMap"].size() == 0 && nothing["xtructs"].size() == 0;
    });
  }

  void throwing() {
    step(exceptions, "testException Xception", [&] {
      return thrown("testException", {"Xception"}) ==
             R"(Xception {"errorCode":1001,"message":"Xception"})";
    });
    step(exceptions, "testException TException", [&] {
      try {
        client_.call("testException", "TException");
      } catch (const ApplicationError& e) {
        return e.from_peer();
      }
      return false;
    });
    step(exceptions, "testException success",
         [&] { return thrown("testException", {"success"}) == "nothing"; });
    step(exceptions, "testMultiException Xception", [&] {
      return thrown("testMultiException", {"Xception", "test 1"}) ==
             R"(Xception {"errorCode":1001,"message":"This is an Xception"})";
    });
    step(exceptions, "testMultiException Xception2", [&] {
      try {
        client_.call("testMultiException", "Xception2", "test 2");
      } catch (const ServiceException& e) {
        return e.is("Xception2") && e["errorCode"].as<std::int32_t>() == 2002 &&
               e["struct_thing"]["string_thing"].as<std::string_view>() == "This is an Xception2";
      }
      return false;
    });
    step(exceptions, "testMultiException success", [&] { return nothing_thrown(); });
  }

  // Of the other fields, some peers send zeros.
  bool nothing_thrown() {
    const Value got = client_.call("testMultiException", "success", "test 3");
    return got["string_thing"].as<std::string_view>() == "test 3";
  }

  std::string thrown(std::string_view method, std::initializer_list<Literal> arguments) {
    try {
      client_.call_positional(method, std::span(arguments.begin(), arguments.size()));
    } catch (const ServiceException& e) {
      return std::string(e.type().name()) + ' ' + to_json(e.value());
    }
    return "nothing";
  }

  const Idl& idl_;
  const Options& options_;
  Client client_;
  int exit_code_ = 0;
};

// Servers of HTTP each have a path of their own, and the cross test has no flag for it.
std::string find_path(const Idl& idl, const Options& options) {
  for (const char* path : {"/service", "/test", "/test/service"}) {
    Options there = options;
    there.path = path;
    try {
      const Client client(idl, "ThriftTest", there.client_url() + there.service("ThriftTest"));
      client.call("testVoid");
      return path;
    } catch (const Error&) {  // the next one; without any, the tests say what is wrong
    }
  }
  return options.path;
}

}  // namespace

int call(Options options) {
  const Idl idl = load(options.idl);
  try {
    if (options.transport == "http" && options.path.empty()) options.path = find_path(idl, options);
    const int exit_code = Run(idl, options).all();
    std::cout << (exit_code == 0 ? "All tests done.\n" : "Some tests failed.\n");
    return exit_code;
  } catch (const TransportError& e) {
    std::cout << "*** FAILED ***: " << e.message() << '\n';
    return no_connection;
  }
}

}  // namespace crosstest
