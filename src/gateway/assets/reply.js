// What came back.

import { copy, h } from "./dom.js";
import { coloured, pretty } from "./json.js";
import { typeText } from "./types.js";

const MOST_COLOURED = 300_000; // characters; beyond it is text without colours
const MOST_SHOWN = 3_000_000;

// `goTo(line, column)` shows a place of the request.
export function replyView(model, method, reply, exception, goTo) {
  if (reply.problem) {
    return h("div", { class: "reply-top" }, h("span", { class: "status s0" }, "No reply"), h("span", {}, reply.problem));
  }
  const text = pretty(reply.body);
  const code = h("code", {});
  if (text.length <= MOST_COLOURED) coloured(text, code);
  else code.textContent = text.slice(0, MOST_SHOWN);
  return [
    h("div", { class: "reply-top" },
      h("span", { class: `status s${Math.floor(reply.status / 100)}` }, `${reply.status} ${reply.text}`.trim()),
      exception && h("span", { class: "raised" }, "exception ", h("b", {}, exception.name), " ",
        typeText(model, exception.type, method.program)),
      mistake(reply, goTo),
      h("span", { class: "numbers" }, h("span", { title: "Time from sending to the last byte" }, duration(reply.ms)), " · ",
        h("span", { title: "Size of the body" }, size(reply.bytes)))),
    h("div", { class: "reply-more" }, h("details", { class: "more" }, h("summary", {}, `Headers (${reply.headers.length})`),
      h("dl", { class: "headers-got" }, reply.headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
      reply.body && h("button", { type: "button", onclick: () => copy(text, "The reply") }, "Copy reply")),
    text ? h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": "Body of the reply" }, code)
         : h("p", { class: "quiet" }, method.node.oneway ? "It was sent; nothing is ever answered." : "The body is empty."),
    text.length > MOST_SHOWN && h("p", { class: "quiet" }, "What follows is not shown; copying copies all of it."),
  ];
}

// What the gateway says is wrong with the request, where that has a place.
function mistake(reply, goTo) {
  if (reply.status !== 400) return null;
  try {
    const { line, column } = JSON.parse(reply.body).error;
    return line && h("button", { type: "button", class: "place", onclick: () => goTo(line, column) },
      `Go to line ${line}, column ${column}`);
  } catch {
    return null;
  }
}

function duration(ms) {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 2000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
