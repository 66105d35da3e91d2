// Starts the page: loads what the gateway serves, and shows what the address names.
//
//   #/                            the overview
//   #/service/Shop                a service
//   #/call/Shop/place?body={...}  a method, with a request filled in
//   #/type/shop.Order             a type
//   #/constant/shop.MAX_LINES     a constant
//   #/history                     what was sent from here

import { forget, history, parseHeaders, setStandingHeaders, standingHeaders } from "./call.js";
import { h, replace, say } from "./dom.js";
import { historyList, methodView } from "./method.js";
import { generation, load } from "./model.js";
import { Search } from "./search.js";
import { buildTree, markCurrent } from "./tree.js";
import * as views from "./views.js";

const main = document.getElementById("main");
const side = document.getElementById("side");
const menu = document.getElementById("menu");
let model;

// [name of the page, its nodes]
function page(hash) {
  const [path, query] = split(hash.replace(/^#\/?/, ""));
  const [what, ...words] = path.split("/").map(decodeURIComponent);
  const body = new URLSearchParams(query).get("body") ?? undefined;
  if (what === "") return [model.title, views.overview(model)];
  if (what === "history") return ["History", historyPage()];
  if (what === "service") {
    const service = model.services.find((s) => s.name === words[0]);
    if (service) return [service.name, views.service(model, service)];
  }
  if (what === "call") {
    const method = model.methods.get(words.join("."));
    if (method) return [method.key, methodView(model, method, body)];
  }
  if (what === "type" && model.types.has(words[0])) {
    return [words[0], views.type(model, model.types.get(words[0]))];
  }
  if (what === "constant" && model.constants.has(words[0])) {
    return [words[0], views.constant(model, model.constants.get(words[0]))];
  }
  return ["Not here", [h("h1", {}, "This is not here"), h("p", {}, "Nothing is called ", h("code", {}, path), ". ",
    h("a", { href: "#/" }, "See what there is"))]];
}

function split(text) {
  const at = text.indexOf("?");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function historyPage() {
  const all = history();
  return [
    h("div", { class: "heading" }, h("h1", {}, "History")),
    all.length === 0 && h("p", { class: "quiet" }, "Nothing was sent from this browser yet."),
    all.length > 0 && h("p", { class: "quiet" }, "Kept in this browser only. ",
      h("button", { type: "button", onclick: () => { forget(); show(); say("The history is gone"); } }, "Forget all")),
    historyList(all),
  ];
}

function show() {
  let name;
  let nodes;
  try {
    [name, nodes] = page(location.hash);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    [name, nodes] = ["Not here", h("h1", {}, "This address is damaged")];
  }
  document.title = name === model.title ? name : `${name} · ${model.title}`;
  replace(main, nodes);
  window.scrollTo(0, 0);
  markCurrent(document.getElementById("tree"), location.hash);
  openMenu(false);
}

function openMenu(open) {
  side.classList.toggle("open", open);
  menu.setAttribute("aria-expanded", String(open));
}

function keys(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    openMenu(true);
    document.getElementById("search").focus();
  } else if (event.key === "Escape") {
    openMenu(false);
  }
}

function askForToken() {
  const token = h("input", { type: "password", id: "token", autocomplete: "off", class: "token" });
  const enter = (event) => {
    event.preventDefault();
    setStandingHeaders(`Authorization: Bearer ${token.value.trim()}`);
    start();
  };
  replace(main, h("h1", {}, "A token is needed"), h("form", { class: "ask", onsubmit: enter },
    h("label", { for: "token" }, "Bearer token"), token, h("button", { class: "primary" }, "Go on")),
    h("p", { class: "quiet" }, "It is kept until this tab is closed, and sent to this gateway only."));
  token.focus();
}

// Says so where the gateway serves other IDLs by now.
async function lookForChanges() {
  if (document.visibilityState !== "visible") return;
  let now;
  try {
    now = await generation(parseHeaders(standingHeaders()));
  } catch {
    return; // it is away; sending something will tell
  }
  document.getElementById("changed").hidden = now === model.generation;
}

async function start() {
  try {
    model = await load(parseHeaders(standingHeaders()));
  } catch (error) {
    if (error.status === 401) return askForToken();
    replace(main, h("h1", {}, "The services cannot be shown"), h("p", {}, error.message));
    return;
  }
  document.getElementById("title").textContent = model.title;
  const tree = document.getElementById("tree");
  buildTree(model, tree);
  new Search(model, tree);
  menu.addEventListener("click", () => openMenu(!side.classList.contains("open")));
  window.addEventListener("hashchange", () => { show(); main.focus({ preventScroll: true }); });
  document.addEventListener("keydown", keys);
  document.getElementById("reload").addEventListener("click", () => location.reload());
  document.addEventListener("visibilitychange", lookForChanges);
  setInterval(lookForChanges, 5000);
  show();
}

start();
