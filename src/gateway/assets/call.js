// Sends a request, and remembers those that were sent.

import { root } from "./model.js";

// { status, text, ms, bytes, headers, body } or { problem, ms }.
export async function send(method, body, headers, signal) {
  const url = new URL(`${method.service.name}/${method.name}`, root);
  const begin = performance.now();
  try {
    const response = await fetch(url, {
      method: "POST", body, signal, headers: { "Content-Type": "application/json", ...headers } });
    const bytes = await response.arrayBuffer();
    return {
      status: response.status, text: response.statusText, ms: performance.now() - begin,
      bytes: bytes.byteLength, headers: [...response.headers], body: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (error.name === "AbortError") return { problem: "Stopped.", ms: performance.now() - begin };
    return { problem: `The gateway gave no answer: ${error.message}`, ms: performance.now() - begin };
  }
}

// The name of the declared exception in a reply, as `throws` has it; undefined where there is none.
export function exceptionOf(method, reply) {
  if (reply.problem || reply.status < 400) return undefined;
  try {
    const names = Object.keys(JSON.parse(reply.body).exception ?? {});
    return method.node.exceptions.find((exception) => names.includes(exception.name));
  } catch {
    return undefined;
  }
}

// "Name: value" lines; throws an Error that says which line is none.
export function parseHeaders(text) {
  const out = {};
  for (const line of text.split("\n").map((l) => l.trim()).filter((l) => l)) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line);
    if (!match) throw new Error(`\`${line}\` is no header; they look like \`Name: value\``);
    out[match[1]] = match[2];
  }
  return out;
}

const KEPT = 100;
const KEY = "thriftpp.history";

export function history() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

export function remember(method, body, reply) {
  const entry = { service: method.service.name, method: method.name, body, at: Date.now(),
                  status: reply.status ?? 0, ms: Math.round(reply.ms) };
  keep([entry, ...history()].slice(0, KEPT));
}

export function forget() {
  keep([]);
}

function keep(entries) {
  // The storage may be full, or not allowed: then there is no history.
  for (let list = entries; ; list = list.slice(0, list.length / 2)) {
    try {
      localStorage.setItem(KEY, JSON.stringify(list));
      return;
    } catch {
      if (list.length <= 1) return;
    }
  }
}
