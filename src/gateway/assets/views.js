// The pages that tell: the overview, a service, a type, a constant.

import { docs, firstSentence, h, inline } from "./dom.js";
import { linkToMethod, linkToService, linkToType, schemaOf } from "./model.js";
import { typeText } from "./types.js";

export const KINDS = { struct: "struct", union: "union", exception: "exception", enum: "enum", typedef: "typedef",
                       const: "const" };

export function heading(kind, name, ...more) {
  return h("div", { class: "heading" }, h("span", { class: "kind" }, kind), h("h1", {}, name), more);
}

export function overview(model) {
  return [
    h("h1", {}, model.title),
    docs(model.description),
    model.services.map((service) => h("section", { "aria-label": service.name },
      h("h2", {}, h("a", { href: linkToService(service) }, service.name)),
      docs(service.node.doc), methodList(service))),
    model.services.length === 0 && h("p", { class: "quiet" }, "There are no services here."),
  ];
}

function methodList(service) {
  return h("ul", { class: "cards" }, service.methods.map((method) => h("li", {},
    h("a", { href: linkToMethod(method), class: "card" },
      h("span", { class: "card-name" }, method.name, method.node.oneway && h("span", { class: "chip" }, "oneway")),
      h("span", { class: "card-doc" }, inline(firstSentence(method.node.doc)))))));
}

export function service(model, service) {
  const base = model.base(service);
  const served = base && model.services.find((s) => s.name === base.name);
  return [
    heading("service", service.name),
    base && h("p", {}, "extends ", served ? h("a", { href: linkToService(served) }, base.name) : h("code", {}, base.name)),
    docs(service.node.doc),
    methodList(service),
    whereFrom(service.program),
  ];
}

export function type(model, type) {
  const { node, program } = type;
  return [
    heading(KINDS[type.kind] ?? type.kind, node.name),
    docs(node.doc),
    node.type && h("p", {}, "stands for ", typeText(model, node.type, program)),
    node.fields && (node.fields.length > 0 ? fieldTable(model, node.fields, program, node.kind === "union")
                                          : h("p", { class: "quiet" }, "It has no fields.")),
    node.values && enumTable(node.values),
    annotations(node),
    type.uses.length > 0 && h("section", {}, h("h2", {}, "Used by"),
      h("ul", { class: "uses" }, type.uses.map((user) => h("li", {},
        user.service ? h("a", { href: linkToMethod(user) }, user.key)
                     : h("a", { href: linkToType(user), class: `t t-${user.kind}` }, user.name))))),
    schemaOf(type) && h("p", { class: "schema" }, h("a", { href: schemaOf(type) }, "JSON Schema")),
    whereFrom(program, node),
  ];
}

export function constant(model, constant) {
  const { node, program } = constant;
  return [
    heading("const", node.name),
    docs(node.doc),
    h("p", {}, "of type ", typeText(model, node.type, program)),
    h("pre", { class: "code" }, h("code", {}, JSON.stringify(node.value, null, 2))),
    whereFrom(program, node),
  ];
}

// Fields of structs and arguments of methods.
export function fieldTable(model, fields, program, isUnion = false) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Fields" }, h("table", { class: "fields" },
    h("thead", {}, h("tr", {}, ["Id", "Name", "Type", ""].map((text) =>
      h("th", { scope: "col" }, text || h("span", { class: "unseen" }, "About"))))),
    h("tbody", {}, fields.map((field) => h("tr", {},
      h("td", { class: "id" }, field.id),
      h("th", { scope: "row" }, field.name),
      h("td", {}, typeText(model, field.type, program)),
      h("td", {},
        !isUnion && field.requiredness !== "default" && h("span", { class: `chip chip-${field.requiredness}` }, field.requiredness),
        field.default !== undefined && h("span", { class: "chip" }, "= ", JSON.stringify(field.default)),
        docs(field.doc), annotations(field)))))));
}

function enumTable(values) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Values" }, h("table", { class: "fields" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Number"), h("th", { scope: "col" }, "Name"),
      h("th", { scope: "col" }, h("span", { class: "unseen" }, "About")))),
    h("tbody", {}, values.map((value) => h("tr", {}, h("td", { class: "id" }, value.number),
      h("th", { scope: "row" }, value.name), h("td", {}, docs(value.doc), annotations(value)))))));
}

export function annotations(node) {
  if (!node.annotations?.length) return null;
  return h("ul", { class: "annotations" }, node.annotations.map((a) =>
    h("li", {}, h("code", {}, a.value === undefined ? a.name : `${a.name} = ${JSON.stringify(a.value)}`))));
}

export function whereFrom(program, node) {
  const line = node?.source ? `:${node.source.begin[0]}` : "";
  return h("p", { class: "where" }, program.path + line);
}
