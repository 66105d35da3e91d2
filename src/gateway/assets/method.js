// The page of a method: what it is, and a form to call it.

import { exceptionOf, history, parseHeaders, remember, send, setStandingHeaders, standingHeaders } from "./call.js";
import { check } from "./check.js";
import { curl, findUpstream, thriftppCall } from "./commands.js";
import { copy, docs, h, replace, say } from "./dom.js";
import { Editor } from "./editor.js";
import { placeOf, position, pretty } from "./json.js";
import { linkToMethod, linkToService } from "./model.js";
import { replyView } from "./reply.js";
import { requestOf } from "./request.js";
import { requestTemplate } from "./template.js";
import { signature, typeText } from "./types.js";
import { annotations, fieldTable, heading, whereFrom } from "./views.js";

const drafts = new Map(); // what was written for each method, and its last reply, while the page is open

export function methodView(model, method, body) {
  return h("div", { class: "method-page" }, about(model, method), new Trial(model, method, body).element);
}

function about(model, method) {
  const { node, program, service } = method;
  const throws = node.exceptions;
  return h("article", { class: "about" },
    h("p", { class: "crumbs" }, h("a", { href: linkToService(service) }, service.name),
      method.from !== service.name && [" · from ", h("span", {}, method.from)]),
    heading(node.oneway ? "oneway method" : "method", node.name),
    docs(node.doc),
    signature(model, method),
    node.arguments.length > 0 && h("section", {}, h("h2", {}, "Arguments"), fieldTable(model, node.arguments, program)),
    throws.length > 0 && h("section", {}, h("h2", {}, "Exceptions"),
      h("dl", { class: "throws" }, throws.map((field) => [
        h("dt", {}, h("code", {}, field.name), " ", typeText(model, field.type, program)),
        h("dd", {}, docs(field.doc ?? model.definition(field.type, program)?.node.doc))]))),
    h("section", {}, h("h2", {}, "Over HTTP"),
      h("ul", { class: "routes" }, method.routes.map((route) => h("li", {},
        h("span", { class: "verb" }, route.verb), " ", h("code", {}, route.path))))),
    annotations(node),
    whereFrom(program, node));
}

class Trial {
  constructor(model, method, body) {
    this.model = model;
    this.method = method;
    const draft = drafts.get(method.key);
    this.editor = new Editor("Arguments as JSON", body ?? draft?.body ?? requestTemplate(model, method, false));
    this.editor.onchange = () => this.changed();
    this.editor.onsend = () => this.send();
    this.problems = h("ul", { class: "problems", "aria-live": "polite" });
    this.headers = h("textarea", { class: "headers", rows: 2, spellcheck: "false", autocomplete: "off",
                                   "aria-label": "Request headers, one a line", placeholder: "Authorization: Bearer …" });
    this.headers.value = standingHeaders();
    this.headers.addEventListener("input", () => setStandingHeaders(this.headers.value));
    this.sendButton = h("button", { type: "button", class: "primary", onclick: () => this.send(),
                                    "aria-keyshortcuts": "Control+Enter" }, "Send");
    this.reply = h("div", { class: "reply", role: "region", "aria-label": "Reply" });
    this.past = h("div", {});
    // The way that is always there comes first.
    method.routes.sort((a, b) => b.direct - a.direct);
    this.route = method.routes.length > 1 && h("select", { "aria-label": "Route" },
      method.routes.map((route, i) => h("option", { value: i }, `${route.verb} ${route.path}`)));
    this.element = this.build();
    if (draft?.reply) this.show(draft.reply);
    this.changed();
    this.listPast();
  }

  build() {
    const button = (text, onclick) => h("button", { type: "button", onclick }, text);
    const fill = (all) => () => {
      this.editor.value = requestTemplate(this.model, this.method, all);
      say(all ? "Filled in with all fields" : "Filled in with the usual fields");
    };
    return h("section", { class: "trial", "aria-label": "Try it" },
      h("div", { class: "trial-top" }, h("h2", {}, "Try it"),
        h("div", { class: "fill", role: "group", "aria-label": "Fill in" },
          button("Usual fields", fill(false)), button("All fields", fill(true)),
          button("Tidy", () => { this.editor.value = pretty(this.editor.value); }))),
      this.editor.element, this.problems,
      h("details", { class: "more", open: this.headers.value !== "" }, h("summary", {}, "Headers"), this.headers),
      this.route && h("label", { class: "route" }, "Route ", this.route),
      h("div", { class: "actions" }, this.sendButton,
        h("div", { class: "copies", role: "group", "aria-label": "Copy" },
          button("Copy as curl", () => this.copyCurl()),
          button("Copy as thriftpp", () => this.copyThriftpp()),
          button("Copy link", () => this.copyLink()))),
      this.reply, this.past);
  }

  changed() {
    const text = this.editor.value;
    drafts.set(this.method.key, { ...drafts.get(this.method.key), body: text });
    const problems = check(this.model, this.method, text).slice(0, 6);
    replace(this.problems, problems.map((problem) => {
      const { line, column } = position(text, problem.at);
      return h("li", {}, h("button", { type: "button", class: "place", onclick: () => this.editor.goTo(problem.at),
        "aria-label": `${line}:${column}, go to line ${line}, column ${column}` }, `${line}:${column}`), " ", problem.text);
    }));
  }

  link() {
    return new URL(linkToMethod(this.method, this.editor.value), location.href).href;
  }

  copyLink() {
    window.history.replaceState(null, "", this.link());
    return copy(this.link(), "The link");
  }

  request() {
    return requestOf(this.method.routes[this.route ? this.route.value : 0], this.editor.value);
  }

  copyCurl() {
    try {
      return copy(curl(this.request(), parseHeaders(this.headers.value)), "The command");
    } catch (error) {
      return say(error.message);
    }
  }

  async copyThriftpp() {
    let headers;
    try {
      headers = parseHeaders(this.headers.value);
    } catch {
      headers = {};
    }
    const upstream = await findUpstream(this.method, headers);
    return copy(thriftppCall(this.method, this.editor.value, upstream), "The command");
  }

  async send() {
    if (this.running) return this.running.abort();
    let headers;
    let request;
    try {
      headers = parseHeaders(this.headers.value);
      request = this.request();
    } catch (error) {
      return this.show({ problem: error.message });
    }
    this.running = new AbortController();
    this.sendButton.textContent = "Stop";
    this.reply.setAttribute("aria-busy", "true");
    const reply = await send(request, headers, this.running.signal);
    this.running = undefined;
    this.sendButton.textContent = "Send";
    this.reply.removeAttribute("aria-busy");
    this.show(reply);
    remember(this.method, this.editor.value, reply);
    this.listPast();
    // What was sent can be shared as it stands in the address.
    if (this.element.isConnected) window.history.replaceState(null, "", this.link());
    return undefined;
  }

  show(reply) {
    drafts.set(this.method.key, { body: this.editor.value, reply });
    const goTo = (line, column) => this.editor.goTo(placeOf(this.editor.value, line, column));
    replace(this.reply, replyView(this.model, this.method, reply, exceptionOf(this.method, reply), goTo));
  }

  listPast() {
    const past = history().filter((e) => e.service === this.method.service.name && e.method === this.method.name);
    replace(this.past, past.length > 0 && h("details", { class: "more" }, h("summary", {}, `Earlier calls (${past.length})`),
      historyList(past, (entry) => { this.editor.value = entry.body; this.editor.focus(); })));
  }
}

// Where `use` is not given, entries are links to their method.
export function historyList(entries, use) {
  const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  return h("ol", { class: "history" }, entries.map((entry) => {
    const content = [
      h("span", { class: `status s${Math.floor(entry.status / 100)}` }, entry.status || "—"),
      !use && h("b", {}, `${entry.service}.${entry.method}`),
      h("code", {}, entry.body.replace(/\s+/g, " ").slice(0, 120)),
      h("span", { class: "when" }, `${entry.ms} ms · ${time.format(entry.at)}`)];
    const hash = linkToMethod({ service: { name: entry.service }, name: entry.method }, entry.body);
    return h("li", {}, use ? h("button", { type: "button", onclick: () => use(entry) }, content)
                           : h("a", { href: hash }, content));
  }));
}
