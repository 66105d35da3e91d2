// The list of all there is, beside the page: services with their methods, files with their types.

import { h, replace } from "./dom.js";
import { linkToMethod, linkToService, linkToType } from "./model.js";

export function buildTree(model, element) {
  const few = model.methods.size <= 60;
  const group = (name, open, items, href) => h("details", { open }, h("summary", {}, name),
    h("ul", {}, href && h("li", {}, h("a", { href, class: "whole" }, "About this service")), items));
  const types = (program) => [...model.types.values(), ...model.constants.values()].filter((t) => t.program === program);
  replace(element,
    h("h2", {}, "Services"),
    model.services.map((service) => group(service.name, few, service.methods.map((method) =>
      h("li", {}, h("a", { href: linkToMethod(method) }, method.name))), linkToService(service))),
    h("h2", {}, "Types"),
    model.programs.map((program) => {
      const all = types(program);
      return all.length > 0 && group(program.id, all.length <= 40 && few, all.map((type) => h("li", {},
        h("a", { href: linkToType(type), class: "typed" }, type.name, h("span", { class: "kind" }, type.kind)))));
    }));
}

export function markCurrent(element, hash) {
  const plain = hash.split("?")[0];
  for (const link of element.querySelectorAll("a")) {
    const here = link.getAttribute("href") === plain;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (here) {
      link.closest("details").open = true;
      link.scrollIntoView({ block: "nearest" });
    }
  }
}
