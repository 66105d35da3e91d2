// The peer on npm's thrift 0.17.0, with generated code. NODE_PATH has both.
"use strict";

const fs = require("fs");
const thrift = require("thrift");
const Int64 = require("node-int64");
const ThriftTest = require("ThriftTest");
const SecondService = require("SecondService");
const { Insanity, Numberz, Xception, Xception2, Xtruct, Xtruct2 } = require("cross_types");

const options = { role: process.argv[2] };
for (const word of process.argv.slice(3)) {
  const [, name, , value] = /^--([^=]*)(=(.*))?$/.exec(word);
  options[name] = value === undefined ? true : value;
}
const port = Number(options.port);
const path = options["domain-socket"];
const multiplexed = options.protocol.startsWith("multi");
const protocols = {
  binary: thrift.TBinaryProtocol,
  compact: thrift.TCompactProtocol,
  json: thrift.TJSONProtocol,
  header: thrift.THeaderProtocol,
};
const plain = { multi: "binary", multic: "compact", multij: "json", multih: "header" };
const protocol = protocols[plain[options.protocol] || options.protocol];
const transport = options.transport === "framed" ? thrift.TFramedTransport : thrift.TBufferedTransport;
const file = (name) => fs.readFileSync(options.certs + "/" + name);

const same = (thing, result) => result(null, thing);
const handler = {
  testVoid: (result) => result(null),
  testMapMap: (hello, result) =>
    result(null, { "-4": { "-4": -4, "-3": -3, "-2": -2, "-1": -1 }, 4: { 1: 1, 2: 2, 3: 3, 4: 4 } }),
  testInsanity: (argument, result) =>
    result(null, {
      1: { [Numberz.TWO]: argument, [Numberz.THREE]: argument },
      2: { [Numberz.SIX]: new Insanity() },
    }),
  testMulti: (a, b, c, d, e, f, result) =>
    result(null, new Xtruct({ string_thing: "Hello2", byte_thing: a, i32_thing: b, i64_thing: c })),
  testException: (arg, result) => {
    if (arg === "Xception") return result(new Xception({ errorCode: 1001, message: arg }));
    if (arg === "TException") return result(new Error("as asked for"));
    return result(null);
  },
  testMultiException: (arg0, arg1, result) => {
    if (arg0 === "Xception") {
      return result(new Xception({ errorCode: 1001, message: "This is an Xception" }));
    }
    if (arg0 === "Xception2") {
      const struct_thing = new Xtruct({ string_thing: "This is an Xception2" });
      return result(new Xception2({ errorCode: 2002, struct_thing }));
    }
    return result(null, new Xtruct({ string_thing: arg1 }));
  },
  testOneway: () => {},
  secondtestString: (thing, result) => result(null, 'testString("' + thing + '")'),
};
for (const name of ["String", "Bool", "Byte", "I32", "I64", "Double", "Binary", "Struct", "Nest", "Map",
  "StringMap", "Set", "List", "Enum", "Typedef"]) {
  handler["test" + name] = same;
}

function serve() {
  const tls = options.ssl ? { key: file("server.key"), cert: file("server.crt") } : undefined;
  let processor = new ThriftTest.Processor(handler);
  if (multiplexed) {
    processor = new thrift.MultiplexedProcessor();
    processor.registerProcessor("ThriftTest", new ThriftTest.Processor(handler));
    processor.registerProcessor("SecondService", new SecondService.Processor(handler));
  }
  if (options.transport === "http") {
    const service = multiplexed
      ? { transport, protocol, processor, handler: undefined }
      : { transport, protocol, processor: ThriftTest, handler };
    if (multiplexed) service.processor = processor;
    return thrift.createWebServer({ tls, services: { "/test": service } }).listen(port);
  }
  const server = thrift.createMultiplexServer(processor, { transport, protocol, tls });
  server.on("error", (error) => console.log("server:", error.message));
  return path ? server.listen(path) : server.listen(port);
}

let failures = 0;
let outstanding = 0;
let connection;

// What the runtime gives, as one can compare it and write it down.
function normal(value) {
  if (value instanceof Int64) return value.toOctetString();
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return value.map(normal);
  if (value === undefined || value === null || typeof value !== "object") {
    return typeof value === "number" && !Number.isInteger(value) ? "double " + value : value;
  }
  const out = {};
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== null && value[key] !== undefined) out[key] = normal(value[key]);
  }
  return out;
}
const text = (value) => String(JSON.stringify(normal(value))).slice(0, 2000);

// Each call is sent at once, whatever was not answered yet.
function check(what, promise, wanted) {
  ++outstanding;
  const end = (good, got) => {
    if (!good) {
      ++failures;
      console.log("a wrong result of %s: %s, wanted %s", what, text(got), text(wanted));
    }
    if (--outstanding === 0) {
      process.exit(failures === 0 ? 0 : 1); // over HTTP nothing says that testOneway has ended
    }
  };
  promise.then(
    (got) => end(typeof wanted === "function" ? wanted(got) : text(got) === text(wanted), got),
    (error) => end(typeof wanted === "function" && wanted(error), String(error)));
}

function callAll(client, second) {
  const echo = (name, values) => {
    for (const value of values) check(name, client[name](value), value);
  };
  const languages = "\u00c6nglisc, \u0627\u0644\u0639\u0631\u0628\u064a\u0629, \u65e5\u672c\u8a9e, \u05e2\u05d1\u05e8\u05d9\u05ea, e\u0301, \u{1f600}";
  check("testVoid", client.testVoid(), undefined);
  echo("testString", ["", "Test", "x".repeat(20000), languages,
    'quote: " backslash: \\ slash: / \b\f\n\r\t\u0001\u001f ]] \\" }}}{ [[[ ']);
  echo("testBool", [true, false]);
  echo("testByte", [0, 1, -1, 127, -128]);
  echo("testI32", [0, 1, -1, 190000013, 2147483647, -2147483648]);
  for (const number of [5, -5, 734359738368, 2 ** 53 - 1, -(2 ** 53) + 1]) {
    check("testI64", client.testI64(new Int64(number)), (got) => Number(got) === number);
    check("testTypedef", client.testTypedef(new Int64(number)), (got) => Number(got) === number);
  }
  echo("testDouble", [-1, -5.2098523, 7.012052175215044, -0.000341012439638598279, 1e307, 1e-292]);
  const all = Buffer.from([...Array(256).keys()]);
  echo("testBinary", [Buffer.alloc(0), all, Buffer.alloc(70000, 0xfe)]);
  echo("testEnum", [Numberz.ONE, Numberz.FIVE, Numberz.EIGHT]);
  const struct_thing = { string_thing: "Zero", byte_thing: 1, i32_thing: -3, i64_thing: 1000000 };
  const likeStruct = (got) => got.string_thing === "Zero" && got.byte_thing === 1 &&
    got.i32_thing === -3 && Number(got.i64_thing) === 1000000;
  check("testStruct", client.testStruct(new Xtruct(struct_thing)), likeStruct);
  check("testNest",
    client.testNest(new Xtruct2({ byte_thing: 1, struct_thing: new Xtruct(struct_thing), i32_thing: 5 })),
    (got) => got.byte_thing === 1 && got.i32_thing === 5 && likeStruct(got.struct_thing));
  echo("testMap", [{ 0: -10, 1: -9, 2: -8 }, {}]);
  echo("testStringMap", [{ a: "2", "a b": "blah", some: "x".repeat(2000), 0: languages, "": "" }]);
  check("testSet", client.testSet([1, 2, 3]), (got) => String(got.sort()) === "1,2,3");
  echo("testList", [[], [-2, -1, 0, 1, 2], [...Array(20).keys()]]);
  handler.testMapMap(42, (_, wanted) => check("testMapMap", client.testMapMap(42), wanted));
  if (second) {
    check("secondtestString", second.secondtestString("foo"), 'testString("foo")');
  }
  const insane = new Insanity({
    userMap: { [Numberz.FIVE]: 5, [Numberz.EIGHT]: 8 },
    xtructs: [new Xtruct({ ...struct_thing, string_thing: "Goodbye4" }), new Xtruct(struct_thing)],
  });
  const insaneLike = (got) => Number(got.userMap[5]) === 5 && Number(got.userMap[8]) === 8 &&
    got.xtructs.length === 2 && got.xtructs[0].string_thing === "Goodbye4" && likeStruct(got.xtructs[1]);
  check("testInsanity", client.testInsanity(insane), (got) =>
    Object.keys(got).join() === "1,2" && Object.keys(got[1]).join() === "2,3" &&
    insaneLike(got[1][2]) && insaneLike(got[1][3]) && Object.keys(got[2]).join() === "6");
  check("testMulti", client.testMulti(42, 4242, new Int64(424242), { 1: "blah" }, Numberz.EIGHT, new Int64(24)),
    (got) => got.string_thing === "Hello2" && got.byte_thing === 42 && got.i32_thing === 4242 &&
      Number(got.i64_thing) === 424242);
  check("testException Xception", client.testException("Xception"),
    (e) => e instanceof Xception && e.errorCode === 1001 && e.message === "Xception");
  check("testException TException", client.testException("TException"),
    (e) => e instanceof thrift.Thrift.TApplicationException);
  check("testException", client.testException("no Exception"), undefined);
  check("testMultiException Xception", client.testMultiException("Xception", "x"),
    (e) => e instanceof Xception && e.errorCode === 1001 && e.message === "This is an Xception");
  check("testMultiException Xception2", client.testMultiException("Xception2", "x"),
    (e) => e instanceof Xception2 && e.errorCode === 2002 &&
      e.struct_thing.string_thing === "This is an Xception2");
  check("testMultiException", client.testMultiException("success", "foobar"),
    (got) => got.string_thing === "foobar");
  client.testOneway(0);
  check("testI32 after testOneway", client.testI32(-1), -1);
}

function call() {
  const how = { transport, protocol };
  const tls = { ca: file("CA.pem"), cert: file("client.crt"), key: file("client.key") };
  if (options.transport === "http") {
    Object.assign(how, { path: "/test", https: Boolean(options.ssl), nodeOptions: options.ssl ? tls : {} },
      { headers: { Connection: "close" } });
    connection = thrift.createHttpConnection("localhost", port, how);
  } else if (path) {
    connection = thrift.createUDSConnection(path, how);
  } else if (options.ssl) {
    connection = thrift.createSSLConnection("localhost", port, { ...how, ...tls });
  } else {
    connection = thrift.createConnection("localhost", port, how);
  }
  connection.on("error", (error) => {
    console.log("connection:", error);
    process.exit(2);
  });
  const begin = () => {
    if (!multiplexed) return callAll(connection.client || create(ThriftTest));
    const multiplexer = new thrift.Multiplexer();
    return callAll(multiplexer.createClient("ThriftTest", ThriftTest, connection),
      multiplexer.createClient("SecondService", SecondService, connection));
  };
  const create = (service) => options.transport === "http"
    ? thrift.createHttpClient(service, connection) : thrift.createClient(service, connection);
  if (options.transport === "http") begin();
  else connection.on("connect", begin);
}

if (options.role === "server") serve();
else call();
