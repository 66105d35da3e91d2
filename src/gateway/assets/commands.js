// A call as text for shells.

import { compact } from "./json.js";
import { root } from "./model.js";

// Whatever is in it, a shell takes it for one word.
export function quote(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curl({ verb, url, headers, cookies, body }, more) {
  const words = ["curl", ...(verb === (body === undefined ? "GET" : "POST") ? [] : ["-X", verb]), quote(url.href)];
  for (const [name, value] of Object.entries({ ...headers, ...more })) words.push("-H", quote(`${name}: ${value}`));
  const pairs = Object.entries(cookies ?? {}).map(([name, value]) => `${name}=${value}`);
  if (pairs.length > 0) words.push("-b", quote(pairs.join("; ")));
  const json = headers["Content-Type"] === "application/json";
  // What begins with @ would be a file's name.
  if (body !== undefined) words.push(body.startsWith("@") ? "--data-raw" : "-d", quote(json ? compact(body) : body));
  return words.join(" ");
}

// The command needs the IDL's file, and talks to the service itself: `upstream` is its URL.
export function thriftppCall(method, body, upstream = "tcp://HOST:PORT") {
  const file = method.service.program.idl.programs[0].path;
  return `thriftpp call ${quote(file)} ${quote(`${method.service.name}.${method.name}`)} ` +
    `${quote(compact(body) || "{}")} --to ${quote(upstream)}`;
}

// Where the gateway itself calls the service, as far as it tells; undefined where it does not.
export async function findUpstream(method, headers) {
  try {
    const { upstreams } = await (await fetch(new URL("status", root), { headers })).json();
    const own = upstreams.find((u) => u.service === method.service.name) ?? upstreams.find((u) => u.service === "*");
    return own?.endpoints[0]?.url;
  } catch {
    return undefined;
  }
}
