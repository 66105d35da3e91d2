// Sends a request, and remembers those that were sent.

import { root } from "./model.js";

// { status, text, ms, bytes, headers, body } or { problem, ms }.
export async function send({ verb, url, headers, cookies, body }, more, signal) {
  // Browsers send the cookies that they have: these are there for as long as the request takes.
  const setCookies = (end) => Object.entries(cookies ?? {}).forEach(([name, value]) => {
    document.cookie = `${name}=${value}; Path=${root.pathname}; SameSite=Strict${end}`;
  });
  setCookies("");
  const begin = performance.now();
  try {
    const response = await fetch(url, {
      method: verb, body, signal, headers: { ...headers, ...more } });
    const bytes = await response.arrayBuffer();
    return {
      status: response.status, text: response.statusText, ms: performance.now() - begin,
      bytes: bytes.byteLength, headers: [...response.headers], body: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (error.name === "AbortError") return { problem: "Stopped.", ms: performance.now() - begin };
    return { problem: `The gateway gave no answer: ${error.message}`, ms: performance.now() - begin };
  } finally {
    setCookies("; Max-Age=0");
  }
}

// The declared exception in a reply, as `throws` has it; undefined where there is none.
export function exceptionOf(method, reply) {
  if (reply.problem || reply.status < 400) return undefined;
  try {
    const { error } = JSON.parse(reply.body);
    if (error.exception === undefined) return undefined;
    return method.node.exceptions.find((exception) => exception.type.name === error.name);
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

// What is sent with every request, for as long as the browser's tab is open: a token, most often.
const HEADERS = "thriftpp.headers";
export const standingHeaders = () => sessionStorage.getItem(HEADERS) ?? "";
export const setStandingHeaders = (text) => sessionStorage.setItem(HEADERS, text);

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
