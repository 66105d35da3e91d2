// A call as text for shells.

import { compact } from "./json.js";
import { root } from "./model.js";

// Whatever is in it, a shell takes it for one word.
export function quote(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curl(method, body, headers) {
  const url = new URL(`${method.service.name}/${method.name}`, root);
  const words = ["curl", quote(url.href)];
  for (const [name, value] of Object.entries({ "Content-Type": "application/json", ...headers })) {
    words.push("-H", quote(`${name}: ${value}`));
  }
  return `${words.join(" ")} -d ${quote(compact(body) || "{}")}`;
}

// The command needs the IDL's file, and talks to the service itself: where that is, its user knows.
export function thriftppCall(method, body) {
  const file = method.service.program.idl.programs[0].path;
  return `thriftpp call ${quote(file)} ${quote(`${method.service.name}.${method.name}`)} ` +
    `${quote(compact(body) || "{}")} --to tcp://HOST:PORT`;
}
