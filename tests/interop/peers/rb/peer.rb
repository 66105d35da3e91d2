# The peer on Apache's Ruby runtime (Debian's ruby-thrift). -I names the generated code.

require "openssl"
require "set"
require "thrift"
require "thrift_test"
require "second_service"

Options = { role: ARGV[0] }
ARGV.drop(1).each do |word|
  name, value = word.delete_prefix("--").split("=", 2)
  Options[name.to_sym] = value || true
end
PORT = Options[:port].to_i
PATH = Options[:"domain-socket"]
LARGE = Options[:protocol].include?("j") ? 5000 : 70_000 # JSON is read by the character
MULTIPLEXED = Options[:protocol].start_with?("multi")

def protocol_factory
  plain = { "multi" => "binary", "multic" => "compact", "multij" => "json" }
  case plain.fetch(Options[:protocol], Options[:protocol])
  when "binary" then Thrift::BinaryProtocolFactory.new
  when "accel" then Thrift::BinaryProtocolAcceleratedFactory.new
  when "compact" then Thrift::CompactProtocolFactory.new
  when "json" then Thrift::JsonProtocolFactory.new
  end
end

def framed?
  Options[:transport] == "framed"
end

def context(side)
  made = OpenSSL::SSL::SSLContext.new
  made.cert = OpenSSL::X509::Certificate.new(File.read("#{Options[:certs]}/#{side}.crt"))
  made.key = OpenSSL::PKey.read(File.read("#{Options[:certs]}/#{side}.key"))
  made.ca_file = "#{Options[:certs]}/CA.pem"
  made.verify_mode = side == "client" ? OpenSSL::SSL::VERIFY_PEER : OpenSSL::SSL::VERIFY_NONE
  made
end

def xception(code, text)
  Cross::Xception.new(errorCode: code, message: text)
end

class Handler
  %i[String Bool Byte I32 I64 Double Binary Struct Nest Map StringMap Set List Enum Typedef].each do |name|
    define_method("test#{name}") { |thing| thing }
  end

  def testVoid; end

  def testMapMap(_hello)
    { -4 => { -4 => -4, -3 => -3, -2 => -2, -1 => -1 }, 4 => { 1 => 1, 2 => 2, 3 => 3, 4 => 4 } }
  end

  def testInsanity(argument)
    { 1 => { Cross::Numberz::TWO => argument, Cross::Numberz::THREE => argument },
      2 => { Cross::Numberz::SIX => Cross::Insanity.new } }
  end

  def testMulti(arg0, arg1, arg2, _arg3, _arg4, _arg5)
    Cross::Xtruct.new(string_thing: "Hello2", byte_thing: arg0, i32_thing: arg1, i64_thing: arg2)
  end

  def testException(arg)
    raise xception(1001, arg) if arg == "Xception"
    raise "as asked for" if arg == "TException"
  end

  def testMultiException(arg0, arg1)
    raise xception(1001, "This is an Xception") if arg0 == "Xception"
    if arg0 == "Xception2"
      inner = Cross::Xtruct.new(string_thing: "This is an Xception2")
      raise Cross::Xception2.new(errorCode: 2002, struct_thing: inner)
    end
    Cross::Xtruct.new(string_thing: arg1)
  end

  def testOneway(seconds)
    sleep seconds / 10.0
  end

  def secondtestString(thing)
    "testString(\"#{thing}\")"
  end
end

def serve
  processor = Cross::ThriftTest::Processor.new(Handler.new)
  if MULTIPLEXED
    both = Thrift::MultiplexedProcessor.new
    both.register_processor("ThriftTest", processor)
    both.register_processor("SecondService", Cross::SecondService::Processor.new(Handler.new))
    processor = both
  end
  socket = if PATH then Thrift::UNIXServerSocket.new(PATH)
           elsif Options[:ssl] then Thrift::SSLServerSocket.new("localhost", PORT, context("server"))
           else Thrift::ServerSocket.new("localhost", PORT)
           end
  factory = framed? ? Thrift::FramedTransportFactory.new : Thrift::BufferedTransportFactory.new
  Thrift::ThreadedServer.new(processor, socket, factory, protocol_factory).serve
end

def connect
  return Thrift::HTTPClientTransport.new("http://localhost:#{PORT}/") if Options[:transport] == "http"
  socket = if PATH then Thrift::UNIXSocket.new(PATH)
           elsif Options[:ssl] then Thrift::SSLSocket.new("localhost", PORT, nil, context("client"))
           else Thrift::Socket.new("localhost", PORT)
           end
  framed? ? Thrift::FramedTransport.new(socket) : Thrift::BufferedTransport.new(socket)
end

$failures = 0

# Strings by their bytes: JSON's come without UTF-8's name on them.
def bytes_of(value)
  case value
  when String then value.b
  when Hash then value.to_h { |key, item| [bytes_of(key), bytes_of(item)] }
  else value
  end
end

def expect(what, got, wanted)
  return if bytes_of(got) == bytes_of(wanted)
  $failures += 1
  puts "a wrong result of #{what}: #{got.inspect[0, 300]}, wanted #{wanted.inspect[0, 300]}"
end

def thrown
  yield
  nil
rescue Thrift::ApplicationException
  "application"
rescue Cross::Xception, Cross::Xception2 => e
  e
end

def values
  languages = "\u00c6nglisc, \u0627\u0644\u0639\u0631\u0628\u064a\u0629, \u65e5\u672c\u8a9e, \u05e2\u05d1\u05e8\u05d9\u05ea, e\u0301, \u{1f600}"
  {
    testString: ["", "Test", "Python" * 20, languages, "x" * LARGE,
                 "quote: \" backslash: \\ slash: / \b\f\n\r\t\u0001\u001f ]] \\\" }}}{ [[["],
    testBool: [true, false],
    testByte: [0, 1, -1, 127, -128],
    testI32: [0, 1, -1, 190_000_013, 2**31 - 1, -2**31],
    testI64: [0, 7_000_000_000_000_000_123, -7_000_000_000_000_000_123, 2**32, 2**63 - 1, -2**63],
    testDouble: [0.0, -1.0, -5.2098523, 7.012052175215044, -0.000341012439638598279, 1e307, 1e-292],
    testTypedef: [0xffffffffffffff, -1],
    testEnum: [1, 2, 3, 5, 6, 8],
    testMap: [{}, { 0 => 1, 1 => 2, -1 => -2 }, (0..99).to_h { |i| [i, i - 10] }],
    testStringMap: [{}, { "a" => "2", "a b" => "", "0" => "l" * 2000, languages => "\"" }],
    testSet: [Set.new, Set.new([8, 1, 42])],
    testList: [[], [-2, -1, 0, 1, 2], (1..20).to_a],
  }
end

def call_all
  transport = connect
  protocol = protocol_factory.get_protocol(transport)
  transport.open unless Options[:transport] == "http"
  second = nil
  if MULTIPLEXED
    second = Cross::SecondService::Client.new(Thrift::MultiplexedProtocol.new(protocol, "SecondService"))
    protocol = Thrift::MultiplexedProtocol.new(protocol, "ThriftTest")
  end
  client = Cross::ThriftTest::Client.new(protocol)
  expect("testVoid", client.testVoid, nil)
  values.each { |method, all| all.each { |value| expect(method, client.send(method, value), value) } }
  [0, 1, 2, 3, 256, LARGE].each do |size|
    bytes = (0...size).map { |i| i % 256 }.pack("C*")
    expect("testBinary", client.testBinary(bytes).b, bytes)
  end
  zero = { string_thing: "Zero", byte_thing: 1, i32_thing: -3, i64_thing: -5 }
  expect("testStruct", client.testStruct(Cross::Xtruct.new(zero)), Cross::Xtruct.new(zero))
  partial = client.testStruct(Cross::Xtruct.new(i32_thing: -3, string_thing: "Zero"))
  expect("testStruct, partial", [partial.i32_thing, partial.string_thing, partial.byte_thing || 0],
         [-3, "Zero", 0])
  nest = Cross::Xtruct2.new(byte_thing: 0, struct_thing: Cross::Xtruct.new(zero), i32_thing: 0)
  expect("testNest", client.testNest(nest), nest)
  expect("secondtestString", second.secondtestString("foo"), 'testString("foo")') if second
  expect("testMapMap", client.testMapMap(42), Handler.new.testMapMap(42))
  insane = Cross::Insanity.new(
    userMap: { 5 => 5, 8 => 8 },
    xtructs: [Cross::Xtruct.new(zero), Cross::Xtruct.new(zero.merge(string_thing: "Hello2"))])
  got = client.testInsanity(insane)
  empty = got.fetch(2, {})[6]
  expect("testInsanity 2 6", !empty.nil? && (empty.userMap || {}).empty? && (empty.xtructs || []).empty?, true)
  got[2][6] = Cross::Insanity.new if empty
  expect("testInsanity", got, Handler.new.testInsanity(insane))
  multi = client.testMulti(42, 4242, 424_242, { 1 => "blah", 2 => "thing" }, 8, 24)
  expect("testMulti", multi, Handler.new.testMulti(42, 4242, 424_242, nil, nil, nil))
  expect("testException", thrown { client.testException("Xception") }, xception(1001, "Xception"))
  expect("testException TException", thrown { client.testException("TException") }, "application")
  expect("testException success", thrown { client.testException("success") }, nil)
  expect("testMultiException", thrown { client.testMultiException("Xception", "x") },
         xception(1001, "This is an Xception"))
  error = thrown { client.testMultiException("Xception2", "x") }
  expect("testMultiException 2", error.is_a?(Cross::Xception2) &&
         [error.errorCode, error.struct_thing.string_thing], [2002, "This is an Xception2"])
  expect("testMultiException success", client.testMultiException("success", "foobar").string_thing, "foobar")
  start = Time.now
  client.testOneway(1)
  expect("testOneway at once", Time.now - start < 0.9, true)
  expect("testI32 after testOneway", client.testI32(-1), -1)
  transport.close
end

if Options[:role] == "server"
  serve
else
  2.times { call_all }
  exit($failures.zero? ? 0 : 1)
end
