// The page's modules that need no browser.

import assert from "node:assert/strict";
import { runAll, test } from "./cases.mjs";

globalThis.document = { baseURI: "http://127.0.0.1:8080/docs" };
const assets = new URL("../../src/gateway/assets/", import.meta.url);
const load = (name) => import(new URL(name, assets));
const { compact, parse, pieces, placeOf, position, pretty } = await load("json.js");
const { check } = await load("check.js");
const { curl, quote, thriftppCall } = await load("commands.js");
const { requestTemplate } = await load("template.js");
const { find } = await load("search.js");
const { linkToMethod } = await load("model.js");
const { parseHeaders } = await load("call.js");
const { requestOf } = await load("request.js");

// A model of one service, as model.js makes it.
function modelOf(fields, structs = {}, enums = {}) {
  const program = { id: "p", path: "dir/it's.thrift", idl: { programs: [] } };
  program.idl.programs.push(program);
  const types = new Map();
  const field = ([name, type, more], i) => ({ id: i + 1, name, requiredness: "default", type, ...more });
  for (const [name, node] of Object.entries(structs)) {
    const kind = node.kind ?? "struct";
    types.set(`p.${name}`, { kind, name, program, node: { kind, fields: node.fields.map(field) } });
  }
  for (const [name, values] of Object.entries(enums)) {
    types.set(`p.${name}`, { kind: "enum", name, program, node: { values: values.map((v) => ({ name: v })) } });
  }
  const model = { types };
  model.definition = (type) => types.get(`p.${type.name}`);
  model.resolve = (type) => ({ type, program });
  const method = { name: "m", service: { name: "S", program }, program, node: { arguments: fields.map(field) } };
  return [model, method];
}
const ref = (kind, name) => ({ kind, name, program: 0 });

test("numbers are kept digit by digit", () => {
  const text = '{"a":9007199254740993,"b":-0.10,"c":1E400,"d":12345678901234567890123}';
  assert.equal(compact(pretty(text)), text);
});

test("JSON is indented, and short arrays of plain values stay in a line", () => {
  assert.equal(pretty('{"a":[1,2],"b":{},"c":[],"d":[{"e":"\\u00e9"}]}'),
    '{\n  "a": [1, 2],\n  "b": {},\n  "c": [],\n  "d": [\n    {\n      "e": "é"\n    }\n  ]\n}');
});

test("what is no JSON is left alone", () => {
  assert.equal(pretty("{oops"), "{oops");
  assert.equal(pretty(""), "");
});

test("mistakes are told with their place", () => {
  // Where there is a "!", it is the place.
  const at = (text, message) => assert.throws(() => parse(text), (error) => {
    assert.ok(error.message.includes(message), error.message);
    if (text.includes("!")) assert.equal(error.at, text.indexOf("!"));
    return true;
  });
  at('{"a": !}', "a value is expected");
  at('{"a" !1}', "`:` is expected");
  at('{"a": 1,', "is missing at the end");
  at('{"a": 01}', "begin with 0");
  at("[1] !", "the end is expected");
  at("[".repeat(300), "nested too deeply");
  assert.deepEqual(position("a\nbc", 3), { line: 2, column: 2 });
  assert.equal(placeOf("{\n\"é\": x}", 2, 7), 7); // columns of the gateway count bytes
  assert.equal(placeOf("a", 9, 9), 1);
});

test("colours cover the whole text, whatever it is", () => {
  for (const text of ['{"a": [1, true, null]}', '{"a', "\u2028 x", '"\\', "", "tru"]) {
    assert.equal(pieces(text).map((p) => p.text).join(""), text);
  }
});

test("a template has what is usual, or all", () => {
  const [model, method] = modelOf(
    [["user", ref("struct", "User")], ["limit", { kind: "i32" }, { default: 20 }]],
    { User: { fields: [["id", { kind: "string" }, { requiredness: "required" }],
                       ["color", ref("enum", "Color")],
                       ["nick", { kind: "string" }, { requiredness: "optional" }],
                       ["friends", { kind: "map", key: { kind: "i32" }, value: { kind: "i64" } }, { requiredness: "optional" }]] } },
    { Color: ["RED", "BLUE"] });
  assert.deepEqual(JSON.parse(requestTemplate(model, method, false)), { user: { id: "", color: "RED" } });
  assert.deepEqual(JSON.parse(requestTemplate(model, method, true)),
    { user: { id: "", color: "RED", nick: "", friends: { 0: 0 } }, limit: 20 });
});

test("templates of recursive types end", () => {
  const [model, method] = modelOf([["tree", ref("struct", "Tree")]],
    { Tree: { fields: [["left", ref("struct", "Tree")], ["all", { kind: "list", element: ref("struct", "Tree") }]] } });
  assert.ok(requestTemplate(model, method, true).length < 20000);
});

test("a request is looked at while it is written", () => {
  const [model, method] = modelOf(
    [["user", ref("struct", "User")], ["small", { kind: "i8" }], ["bytes", { kind: "binary" }],
     ["one", ref("union", "One")], ["big", { kind: "i64" }], ["pairs", { kind: "map", key: ref("struct", "User"), value: { kind: "bool" } }]],
    { User: { fields: [["name", { kind: "string" }, { requiredness: "required" }], ["color", ref("enum", "Color")]] },
      One: { kind: "union", fields: [["a", { kind: "i32" }], ["b", { kind: "i32" }]] } },
    { Color: ["RED", "BLUE"] });
  const told = (text) => check(model, method, text).map((p) => p.text);
  assert.deepEqual(told('{"user": {"name": "x", "color": "RED"}, "small": -128, "bytes": "aGk=", "one": {"a": 1}}'), []);
  assert.deepEqual(told('{"usr": {}}'), ["`m` has no field `usr`; did you mean `user`?"]);
  assert.deepEqual(told('{"user": {}}'), ["the required field `name` of `User` is missing"]);
  assert.deepEqual(told('{"user": {"name": "x", "color": "BLU"}}'), ["`Color` has no value `BLU`; did you mean `BLUE`?"]);
  assert.deepEqual(told('{"small": 128}'), ["`128` is no `i8`: -128 to 127"]);
  assert.deepEqual(told('{"bytes": "a"}'), ["this is not base64"]);
  assert.deepEqual(told('{"one": {"a": 1, "b": 2}}'), ["the union `One` wants exactly one member"]);
  assert.deepEqual(told('{"big": "9223372036854775807"}'), []);
  assert.deepEqual(told('{"big": 9223372036854775808}').length, 1);
  assert.deepEqual(told('{"pairs": [[{"name": "x"}, true]]}'), []);
  assert.deepEqual(told('{"pairs": {}}').length, 1);
  assert.deepEqual(told('{"user": null, "small": null}'), []);
  assert.deepEqual(told(""), []);
  assert.deepEqual(told("[]").length, 1);
});

test("commands quote for shells", () => {
  const [, method] = modelOf([]);
  assert.equal(quote("it's"), "'it'\\''s'");
  assert.equal(quote("plain-1.0"), "plain-1.0");
  const route = { verb: "POST", path: "/S/m", direct: true };
  assert.equal(curl(requestOf(route, '{ "a": "it\'s" }'), { "X-A": "b" }),
    `curl http://127.0.0.1:8080/S/m -H 'Content-Type: application/json' -H 'X-A: b' -d '{"a":"it'\\''s"}'`);
  assert.equal(thriftppCall(method, "{}"),
    `thriftpp call 'dir/it'\\''s.thrift' S.m '{}' --to tcp://HOST:PORT`);
  assert.match(thriftppCall(method, "", "tcp://a:1?transport=framed"), /'{}' --to 'tcp:\/\/a:1\?transport=framed'$/);
});

test("a request by an annotated route has each field where it belongs", () => {
  const bindings = [["id", "path"], ["limit", "query", "max"], ["limit", "body"], ["ids", "query"], ["token", "header", "X-Token"],
                    ["note", "body", "text"], ["big", "body"]].map(([field, place, name]) => ({ field, in: place, name: name ?? field }));
  const route = { verb: "PUT", path: "/items/{id}", direct: false, operation: { "x-thrift": { unpacked: "q", bindings } } };
  const request = requestOf(route, '{"q": {"id": "a/b", "limit": 3, "ids": [9007199254740993, 2], "token": "t", "note": {"x": 1}, "big": 9007199254740993}}');
  assert.equal(request.url.href, "http://127.0.0.1:8080/items/a%2Fb?max=3&ids=9007199254740993&ids=2");
  assert.deepEqual(request.headers, { "X-Token": "t", "Content-Type": "application/json" });
  assert.equal(compact(request.body), '{"text":{"x":1},"big":9007199254740993}');
  assert.match(curl(request, {}), /^curl -X PUT 'http:/);
  assert.throws(() => requestOf(route, '{"q": {}}'), /`id` is a part of the path/);
  const get = { verb: "GET", path: "/a", direct: false, operation: { "x-thrift": { bindings: [] } } };
  assert.equal(curl(requestOf(get, "{}"), {}), "curl http://127.0.0.1:8080/a");
  const form = { verb: "POST", path: "/f", direct: false,
                 operation: { "x-thrift": { bindings: [{ field: "a", in: "form", name: "a" }] } } };
  assert.equal(requestOf(form, '{"a": "x y"}').body, "a=x+y");
});

test("headers are lines of a name and a value", () => {
  assert.deepEqual(parseHeaders("A: b\n\n X-Y:c:d \n"), { A: "b", "X-Y": "c:d" });
  assert.throws(() => parseHeaders("nothing"), /is no header/);
});

test("a link holds the request", () => {
  const [, method] = modelOf([]);
  const link = linkToMethod(method, '{"a": "?&#/é"}');
  assert.equal(new URLSearchParams(link.split("?")[1]).get("body"), '{"a": "?&#/é"}');
});

test("search puts what begins with the text before what contains it", () => {
  const all = ["getUser", "User", "superuser", "unused"].map((name) => ({ name, detail: "", weight: 0 }));
  assert.deepEqual(find(all, "user").map((e) => e.name), ["User", "getUser", "superuser"]);
  assert.deepEqual(find(all, "gU").map((e) => e.name), ["getUser"]);
  assert.deepEqual(find(all, "  "), []);
});

await runAll();
