// From the arguments as JSON to a request by one of the method's routes.

import { parse, textOf } from "./json.js";
import { root } from "./model.js";

// { verb, url, headers, cookies, body }; throws an Error that says why there is none.
export function requestOf(route, text) {
  const json = { "Content-Type": "application/json" };
  if (route.direct) return { verb: "POST", url: new URL(route.path.slice(1), root), headers: json, body: text.trim() || "{}" };
  const { unpacked, bindings } = route.operation["x-thrift"];
  const values = new Map(membersOf(parse(text.trim() || "{}"), unpacked).map((m) => [m.name, m.value]));
  const request = { verb: route.verb, headers: {} };
  const query = new URLSearchParams();
  const members = [];
  const form = new URLSearchParams();
  let path = route.path.slice(1);
  const done = new Set(); // of several places for a field, the first is taken
  for (const { field, in: place, name } of bindings) {
    const value = values.get(field);
    if (done.has(field)) continue;
    if (value === undefined || (value.kind === "word" && value.text === "null")) {
      if (place === "path") throw new Error(`\`${field}\` is a part of the path, and is missing`);
      continue;
    }
    done.add(field);
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(plain(value, field)));
    else if (place === "query") each(value).forEach((v) => query.append(name, plain(v, field)));
    else if (place === "form") each(value).forEach((v) => form.append(name, plain(v, field)));
    else if (place === "header") request.headers[name] = each(value).map((v) => plain(v, field)).join(", ");
    else if (place === "cookie") request.cookies = { ...request.cookies, [name]: encodeURIComponent(plain(value, field)) };
    else if (place === "body") members.push({ name, value });
    else if (place === "whole_body") request.body = textOf(value);
    else if (place === "raw_body") request.body = plain(value, field);
  }
  if (members.length > 0) request.body = textOf({ kind: "object", members });
  if (request.body !== undefined) {
    const raw = bindings.some((b) => b.in === "raw_body" && done.has(b.field)) && members.length === 0;
    request.headers["Content-Type"] = raw ? "application/octet-stream" : "application/json";
  } else if (form.size > 0) {
    request.body = form.toString();
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
  } else if (["POST", "PUT", "PATCH"].includes(route.verb)) {
    request.body = "{}";
    request.headers["Content-Type"] = "application/json";
  }
  request.url = new URL(path, root);
  request.url.search = query.toString();
  return request;
}

function membersOf(node, unpacked) {
  if (node.kind !== "object") throw new Error("the arguments are no object");
  if (unpacked === undefined) return node.members;
  const inner = node.members.find((member) => member.name === unpacked);
  if (inner && inner.value.kind !== "object") throw new Error(`\`${unpacked}\` is no object`);
  return inner?.value.members ?? [];
}

const each = (value) => (value.kind === "array" ? value.elements : [value]);

function plain(value, field) {
  if (value.kind === "string") return value.value;
  if (value.kind === "number" || value.kind === "word") return value.text;
  throw new Error(`\`${field}\` goes where only plain values can`);
}
