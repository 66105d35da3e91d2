// A request to begin with, from the types: what is usual (no optional fields, and none that has a
// default), or all there is.

const DEPTH = 6; // recursive types have to end somewhere

export function requestTemplate(model, method, all) {
  return JSON.stringify(fieldsOf(model, method.node.arguments, method.program, all, DEPTH), null, 2);
}

function fieldsOf(model, fields, program, all, depth) {
  const out = {};
  for (const field of fields) {
    if (!all && field.requiredness !== "required" &&
        (field.requiredness === "optional" || field.default !== undefined)) continue;
    const value = field.default ?? valueOf(model, field.type, program, all, depth - 1);
    if (value !== undefined) out[field.name] = value;
    else if (field.requiredness === "required") out[field.name] = {};
  }
  return out;
}

// undefined where it would become too deep.
function valueOf(model, written, from, all, depth) {
  const { type, program } = model.resolve(written, from);
  switch (type.kind) {
    case "bool": return false;
    case "i8": case "i16": case "i32": case "i64": case "double": return 0;
    case "string": case "binary": return "";
    case "uuid": return "00000000-0000-0000-0000-000000000000";
    case "enum": {
      const values = model.definition(type, program)?.node.values ?? [];
      return values[0]?.name ?? 0;
    }
    case "list": case "set": {
      const element = depth > 0 ? valueOf(model, type.element, program, all, depth - 1) : undefined;
      return element === undefined ? [] : [element];
    }
    case "map": return mapOf(model, type, program, all, depth);
    default: {
      if (depth <= 0) return undefined;
      const { node, program: there } = model.definition(type, program);
      // One member of a union, the first.
      if (node.kind === "union") {
        const first = node.fields[0];
        const value = first && valueOf(model, first.type, there, all, depth - 1);
        return value === undefined ? undefined : { [first.name]: value };
      }
      return fieldsOf(model, node.fields, there, all, depth);
    }
  }
}

function mapOf(model, type, program, all, depth) {
  const key = valueOf(model, type.key, program, all, 1);
  const value = depth > 0 ? valueOf(model, type.value, program, all, depth - 1) : undefined;
  const complex = typeof key === "object" || key === undefined;
  if (value === undefined || key === undefined) return complex ? [] : {};
  return complex ? [[key, value]] : { [key === "" ? "key" : String(key)]: value };
}
