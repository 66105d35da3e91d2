// Types as text with links.

import { h } from "./dom.js";
import { linkToType } from "./model.js";

export function typeText(model, type, program) {
  const definition = model.definition(type, program);
  if (definition) return h("a", { class: `t t-${definition.kind}`, href: linkToType(definition) }, definition.name);
  if (type.kind === "map") {
    return h("span", { class: "t" }, "map<", typeText(model, type.key, program), ", ",
             typeText(model, type.value, program), ">");
  }
  if (type.element) {
    return h("span", { class: "t" }, `${type.kind}<`, typeText(model, type.element, program), ">");
  }
  return h("span", { class: "t" }, type.kind);
}

// As it stands in the IDL, a line an argument where they are many.
export function signature(model, method) {
  const { node, program } = method;
  const field = (words) => (f) => [`${f.id}: `, words && f.requiredness !== "default" ? f.requiredness + " " : "",
                        typeText(model, f.type, program), " ", h("b", {}, f.name),
                        f.default === undefined ? "" : ` = ${JSON.stringify(f.default)}`];
  const list = (fields, one) => {
    const long = fields.length > 1;
    return fields.map((f, i) => [long ? "\n  " : "", one(f), i + 1 < fields.length ? "," : long ? "\n" : ""]);
  };
  // Exceptions are all optional, whatever is written there.
  const throws = node.exceptions.length > 0 ? [" throws (", list(node.exceptions, field(false)), ")"] : [];
  return h("pre", { class: "signature" }, h("code", {}, node.oneway ? "oneway " : "",
    typeText(model, node.returns, program), " ", h("b", { class: "method" }, node.name),
    "(", list(node.arguments, field(true)), ")", throws));
}
