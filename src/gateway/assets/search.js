// Finds methods, services, types, constants, fields and values by parts of their names.

import { h, replace } from "./dom.js";
import { linkToMethod, linkToService, linkToType } from "./model.js";

const MOST = 40;

export function entries(model) {
  const out = [];
  const add = (name, kind, detail, href, weight) => out.push({ name, kind, detail, href, weight });
  for (const service of model.services) add(service.name, "service", "", linkToService(service), 1);
  for (const method of model.methods.values()) add(method.name, "method", method.service.name, linkToMethod(method), 2);
  for (const type of model.types.values()) {
    add(type.name, type.kind, type.program.id, linkToType(type), 1);
    for (const part of type.node.fields ?? []) add(part.name, "field", type.name, linkToType(type), 0);
    for (const part of type.node.values ?? []) add(part.name, "value", type.name, linkToType(type), 0);
  }
  for (const constant of model.constants.values()) add(constant.name, "const", constant.program.id, linkToType(constant), 0);
  return out;
}

// Better ones first: the whole name, its begin, the begin of a word in it, anywhere, letters in order.
export function find(all, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const scored = [];
  for (const entry of all) {
    const score = rate(entry.name, wanted) || rate(`${entry.detail}.${entry.name}`, wanted) * 0.8;
    if (score > 0) scored.push([score + entry.weight * 0.1 - entry.name.length * 0.001, entry]);
  }
  return scored.sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, entry]) => entry);
}

function rate(name, wanted) {
  const lower = name.toLowerCase();
  if (lower === wanted) return 5;
  const at = lower.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0) {
    const wordBegins = /[._]/.test(name[at - 1]) || (/[A-Z]/.test(name[at]) && /[a-z]/.test(name[at - 1]));
    return wordBegins ? 3 : 2;
  }
  let next = 0;
  for (const letter of lower) if (letter === wanted[next]) ++next;
  return next === wanted.length && wanted.length > 1 ? 1 : 0;
}

export class Search {
  constructor(model, tree) {
    this.all = entries(model);
    this.tree = tree;
    this.input = document.getElementById("search");
    this.list = document.getElementById("found");
    this.at = -1;
    this.found = [];
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  show() {
    this.found = find(this.all, this.input.value);
    const open = this.input.value.trim() !== "";
    this.list.hidden = !open;
    this.tree.hidden = open;
    this.input.setAttribute("aria-expanded", String(open));
    replace(this.list, this.found.map((entry, i) => h("li", { id: `found-${i}`, role: "option", "aria-selected": "false" },
      h("a", { href: entry.href, tabindex: "-1", onclick: () => this.clear() }, h("span", { class: "kind" }, entry.kind),
        h("span", { class: "found-name" }, entry.name), h("span", { class: "detail" }, entry.detail)))),
      open && this.found.length === 0 && h("li", { class: "quiet", role: "option", "aria-disabled": "true" }, "Nothing has this name."));
    this.select(this.found.length > 0 ? 0 : -1);
  }

  select(at) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const item = this.found.length > 0 ? this.list.children[at] : undefined;
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const count = this.found.length;
    if (event.key === "ArrowDown" && count) this.select((this.at + 1) % count);
    else if (event.key === "ArrowUp" && count) this.select((this.at + count - 1) % count);
    else if (event.key === "Enter" && count) {
      location.hash = this.found[this.at].href;
      this.clear();
      document.getElementById("main").focus();
    } else if (event.key === "Escape") this.clear();
    else return;
    event.preventDefault();
  }

  clear() {
    this.input.value = "";
    this.show();
  }
}
