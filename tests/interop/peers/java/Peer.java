// The peer on Apache's Java runtime (Debian's libthrift-java), with generated code.

import cross.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.Callable;
import org.apache.thrift.*;
import org.apache.thrift.protocol.*;
import org.apache.thrift.server.*;
import org.apache.thrift.transport.*;
import org.apache.thrift.transport.layered.*;

public class Peer {
  static final Map<String, String> options = new HashMap<>();
  static boolean multiplexed;
  static int port;

  static TProtocolFactory protocols() {
    Map<String, String> plain = Map.of("multi", "binary", "multic", "compact", "multij", "json");
    String name = options.get("protocol");
    switch (plain.getOrDefault(name, name)) {
      case "compact": return new TCompactProtocol.Factory();
      case "json": return new TJSONProtocol.Factory();
      default: return new TBinaryProtocol.Factory();
    }
  }

  static TTransportFactory transports() {
    switch (options.get("transport")) {
      case "framed": return new TFramedTransport.Factory();
      case "fastframed": return new TFastFramedTransport.Factory();
      case "zlib": return new TZlibTransport.Factory();
      default: return new TTransportFactory();
    }
  }

  static class Handler implements ThriftTest.Iface, SecondService.Iface {
    public void testVoid() {}
    public String testString(String thing) { return thing; }
    public boolean testBool(boolean thing) { return thing; }
    public byte testByte(byte thing) { return thing; }
    public int testI32(int thing) { return thing; }
    public long testI64(long thing) { return thing; }
    public double testDouble(double thing) { return thing; }
    public ByteBuffer testBinary(ByteBuffer thing) { return thing; }
    public Xtruct testStruct(Xtruct thing) { return thing; }
    public Xtruct2 testNest(Xtruct2 thing) { return thing; }
    public Map<Integer, Integer> testMap(Map<Integer, Integer> thing) { return thing; }
    public Map<String, String> testStringMap(Map<String, String> thing) { return thing; }
    public Set<Integer> testSet(Set<Integer> thing) { return thing; }
    public List<Integer> testList(List<Integer> thing) { return thing; }
    public Numberz testEnum(Numberz thing) { return thing; }
    public long testTypedef(long thing) { return thing; }

    public Map<Integer, Map<Integer, Integer>> testMapMap(int hello) {
      return Map.of(-4, Map.of(-4, -4, -3, -3, -2, -2, -1, -1), 4, Map.of(1, 1, 2, 2, 3, 3, 4, 4));
    }

    public Map<Long, Map<Numberz, Insanity>> testInsanity(Insanity argument) {
      return Map.of(1L, Map.of(Numberz.TWO, argument, Numberz.THREE, argument),
          2L, Map.of(Numberz.SIX, new Insanity()));
    }

    public Xtruct testMulti(byte arg0, int arg1, long arg2, Map<Short, String> arg3, Numberz arg4, long arg5) {
      return new Xtruct("Hello2", arg0, arg1, arg2);
    }

    public void testException(String arg) throws TException {
      if (arg.equals("Xception")) throw new Xception(1001, arg);
      if (arg.equals("TException")) throw new TException("as asked for");
    }

    public Xtruct testMultiException(String arg0, String arg1) throws TException {
      if (arg0.equals("Xception")) throw new Xception(1001, "This is an Xception");
      if (arg0.equals("Xception2")) {
        throw new Xception2(2002, new Xtruct().setString_thing("This is an Xception2"));
      }
      return new Xtruct().setString_thing(arg1);
    }

    public void testOneway(int seconds) throws TException {
      try {
        Thread.sleep(seconds * 100L);
      } catch (InterruptedException e) {
        throw new TException(e);
      }
    }

    public String secondtestString(String thing) { return "testString(\"" + thing + "\")"; }
  }

  static void serve() throws Exception {
    TProcessor processor = new ThriftTest.Processor<>(new Handler());
    if (multiplexed) {
      TMultiplexedProcessor both = new TMultiplexedProcessor();
      both.registerDefault(processor);
      both.registerProcessor("ThriftTest", processor);
      both.registerProcessor("SecondService", new SecondService.Processor<>(new Handler()));
      processor = both;
    }
    if (options.get("transport").equals("evframed")) {
      new TThreadedSelectorServer(
          new TThreadedSelectorServer.Args(new TNonblockingServerSocket(port))
              .processor(processor).transportFactory(new TFramedTransport.Factory())
              .protocolFactory(protocols())).serve();
      return;
    }
    TServerTransport socket;
    if (options.containsKey("ssl")) {
      TSSLTransportFactory.TSSLTransportParameters how = new TSSLTransportFactory.TSSLTransportParameters();
      how.setKeyStore(options.get("stores") + "/server.p12", "thrift", null, "PKCS12");
      socket = TSSLTransportFactory.getServerSocket(port, 0, null, how);
    } else {
      socket = new TServerSocket(port);
    }
    new TThreadPoolServer(new TThreadPoolServer.Args(socket).processor(processor)
        .transportFactory(transports()).protocolFactory(protocols())).serve();
  }

  static int failures = 0;

  static void expect(String what, Object got, Object wanted) {
    if (Objects.equals(got, wanted)) return;
    ++failures;
    String text = String.valueOf(got);
    System.out.println("a wrong result of " + what + ": " + text.substring(0, Math.min(300, text.length())));
  }

  static Object thrown(Callable<Object> call) throws Exception {
    try {
      call.call();
    } catch (TApplicationException e) {
      return "application";
    } catch (Xception | Xception2 e) {
      return e;
    }
    return null;
  }

  static TTransport connect() throws Exception {
    String name = options.get("transport");
    if (name.equals("http")) {
      return new THttpClient("http://localhost:" + port + "/test/service");
    }
    TTransport socket;
    if (options.containsKey("ssl")) {
      TSSLTransportFactory.TSSLTransportParameters how = new TSSLTransportFactory.TSSLTransportParameters();
      how.setTrustStore(options.get("stores") + "/trust.p12", "thrift", null, "PKCS12");
      how.setKeyStore(options.get("stores") + "/client.p12", "thrift", null, "PKCS12");
      socket = TSSLTransportFactory.getClientSocket("localhost", port, 20000, how);
    } else {
      socket = new TSocket("localhost", port, 20000);
    }
    switch (name) {
      case "framed": case "evframed": return new TFramedTransport(socket);
      case "fastframed": return new TFastFramedTransport(socket);
      case "zlib": return new TZlibTransport(socket);
      default: return socket;
    }
  }

  static void callAll() throws Exception {
    TTransport transport = connect();
    if (!transport.isOpen()) transport.open();
    TProtocol protocol = protocols().getProtocol(transport);
    SecondService.Client second = null;
    if (multiplexed) {
      second = new SecondService.Client(new TMultiplexedProtocol(protocol, "SecondService"));
      protocol = new TMultiplexedProtocol(protocol, "ThriftTest");
    }
    ThriftTest.Client client = new ThriftTest.Client(protocol);
    client.testVoid();
    String languages = "\u00c6nglisc, \u0627\u0644, \u65e5\u672c\u8a9e, e\u0301, \ud83d\ude00";
    for (String text : List.of("", "Test", "Python".repeat(20), languages, "x".repeat(20000),
        "quote: \" backslash: \\ slash: / \b\f\n\r\t\001\037 ]] \\\" }}}{ [[[")) {
      expect("testString", client.testString(text), text);
    }
    expect("testBool", client.testBool(true), true);
    expect("testBool", client.testBool(false), false);
    for (byte i : new byte[] {0, 1, -1, 127, -128}) expect("testByte", client.testByte(i), i);
    for (int i : new int[] {0, 1, -1, 190000013, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      expect("testI32", client.testI32(i), i);
    }
    for (long i : new long[] {0, 7000000000000000123L, -7000000000000000123L, 1L << 32, Long.MAX_VALUE,
        Long.MIN_VALUE}) {
      expect("testI64", client.testI64(i), i);
      expect("testTypedef", client.testTypedef(i), i);
    }
    for (double d : new double[] {0, -1, -5.2098523, 7.012052175215044, -0.000341012439638598279, 1e307,
        1e-292, Double.POSITIVE_INFINITY, Double.NaN}) {
      expect("testDouble", client.testDouble(d), d);
    }
    for (int size : new int[] {0, 1, 2, 3, 256, 131072}) {
      byte[] bytes = new byte[size];
      for (int i = 0; i < size; ++i) bytes[i] = (byte) (i - 128);
      expect("testBinary", client.testBinary(ByteBuffer.wrap(bytes)), ByteBuffer.wrap(bytes));
    }
    for (Numberz i : Numberz.values()) expect("testEnum", client.testEnum(i), i);
    Xtruct zero = new Xtruct("Zero", (byte) 1, -3, -5);
    for (Xtruct thing : List.of(zero, new Xtruct("", (byte) 0, 0, 0), new Xtruct().setI32_thing(0))) {
      expect("testStruct", client.testStruct(thing), thing);
    }
    Xtruct2 nest = new Xtruct2((byte) 1, zero, 5);
    expect("testNest", client.testNest(nest), nest);
    Map<Integer, Integer> numbers = new HashMap<>();
    expect("testMap", client.testMap(numbers), numbers);
    for (int i = -5; i < 50; ++i) numbers.put(i, i * 1000);
    expect("testMap", client.testMap(numbers), numbers);
    Map<String, String> words = Map.of("a", "2", "a b", "", "", "l".repeat(2000), languages, "\"");
    expect("testStringMap", client.testStringMap(words), words);
    expect("testSet", client.testSet(Set.of()), Set.of());
    expect("testSet", client.testSet(Set.of(-2, 8, 42)), Set.of(-2, 8, 42));
    List<Integer> list = new ArrayList<>();
    for (int i = -2; i < 20; ++i) {
      expect("testList", client.testList(list), list);
      list.add(i);
    }
    Handler handler = new Handler();
    expect("testMapMap", client.testMapMap(42), handler.testMapMap(42));
    if (second != null) {
      expect("secondtestString", second.secondtestString("foo"), "testString(\"foo\")");
    }
    Insanity insane = new Insanity(Map.of(Numberz.FIVE, 5L, Numberz.EIGHT, 8L),
        List.of(new Xtruct("Goodbye4", (byte) 4, 4, 4), new Xtruct("Hello2", (byte) 2, 2, 2)));
    Map<Long, Map<Numberz, Insanity>> got = client.testInsanity(insane);
    Insanity empty = got.get(2L).get(Numberz.SIX);
    expect("testInsanity 2 6", empty.getUserMapSize() + empty.getXtructsSize(), 0);
    got.get(2L).put(Numberz.SIX, new Insanity());
    expect("testInsanity", got, handler.testInsanity(insane));
    expect("testMulti", client.testMulti((byte) 42, 4242, 424242, Map.of((short) 1, "blah"), Numberz.EIGHT, 24),
        new Xtruct("Hello2", (byte) 42, 4242, 424242));
    expect("testException", thrown(() -> { client.testException("Xception"); return null; }),
        new Xception(1001, "Xception"));
    expect("testException TException",
        thrown(() -> { client.testException("TException"); return null; }), "application");
    expect("testException success",
        thrown(() -> { client.testException("success"); return null; }), null);
    expect("testMultiException", thrown(() -> client.testMultiException("Xception", "x")),
        new Xception(1001, "This is an Xception"));
    Object error = thrown(() -> client.testMultiException("Xception2", "x"));
    expect("testMultiException 2", error instanceof Xception2 && ((Xception2) error).errorCode == 2002
        && ((Xception2) error).struct_thing.string_thing.equals("This is an Xception2"), true);
    expect("testMultiException success", client.testMultiException("success", "foobar").string_thing, "foobar");
    long start = System.nanoTime();
    client.testOneway(3);
    expect("testOneway at once", System.nanoTime() - start < 900_000_000L, true);
    expect("testI32 after testOneway", client.testI32(-1), -1);
    transport.close();
  }

  public static void main(String[] args) throws Exception {
    for (String word : args) {
      if (!word.startsWith("--")) continue;
      int equals = word.indexOf('=');
      options.put(word.substring(2, equals < 0 ? word.length() : equals),
          equals < 0 ? "" : word.substring(equals + 1));
    }
    options.put("stores", System.getenv("PEER_STORES"));
    multiplexed = options.get("protocol").startsWith("multi");
    port = Integer.parseInt(options.get("port"));
    if (args[0].equals("server")) {
      serve();
      return;
    }
    callAll();
    callAll();
    System.exit(failures == 0 ? 0 : 1);
  }
}
