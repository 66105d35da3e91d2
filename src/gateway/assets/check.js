// Looks at a request before it is sent: [{ at, text }], what the gateway would refuse. It knows less
// than the gateway, whose word counts; what it says here, it says while one is typing.

import { JsonError, parse } from "./json.js";

const RANGES = { i8: [-(2n ** 7n), 2n ** 7n - 1n], i16: [-(2n ** 15n), 2n ** 15n - 1n],
                 i32: [-(2n ** 31n), 2n ** 31n - 1n], i64: [-(2n ** 63n), 2n ** 63n - 1n] };
const ODD_NUMBERS = ["NaN", "Infinity", "-Infinity"];
const UUID = /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function check(model, method, text) {
  let root;
  try {
    root = parse(text.trim() === "" ? "{}" : text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return [{ at: error.at, text: error.message }];
  }
  const checker = new Checker(model);
  checker.fields(root, method.node.arguments, method.program, `${method.name}`);
  return checker.problems;
}

class Checker {
  constructor(model) {
    this.model = model;
    this.problems = [];
  }

  say(node, text) {
    this.problems.push({ at: node.at, text });
  }

  fields(node, fields, program, owner) {
    if (node.kind !== "object") return this.say(node, `an object with the fields of \`${owner}\` is expected`);
    const seen = new Set();
    for (const member of node.members) {
      const field = fields.find((f) => f.name === member.name);
      if (!field) {
        const near = nearest(member.name, fields.map((f) => f.name));
        this.say(member, `\`${owner}\` has no field \`${member.name}\`` + (near ? `; did you mean \`${near}\`?` : ""));
        continue;
      }
      if (seen.has(field.name)) this.say(member, `\`${field.name}\` stands there twice`);
      seen.add(field.name);
      if (isNull(member.value)) seen.delete(field.name); // as if it were not there
      else this.value(member.value, field.type, program);
    }
    for (const field of fields) {
      if (field.requiredness === "required" && !seen.has(field.name)) {
        this.say(node, `the required field \`${field.name}\` of \`${owner}\` is missing`);
      }
    }
    return seen;
  }

  value(node, written, from) {
    const { type, program } = this.model.resolve(written, from);
    switch (type.kind) {
      case "bool":
        if (node.kind !== "word" || node.text === "null") this.say(node, "`true` or `false` is expected");
        return;
      case "i8": case "i16": case "i32": case "i64": return this.integer(node, type.kind);
      case "double":
        if (node.kind !== "number" && !ODD_NUMBERS.includes(node.value)) this.say(node, "a number is expected");
        return;
      case "string":
        if (node.kind !== "string" && !isBase64Object(node)) this.say(node, "a string is expected");
        return;
      case "binary":
        if (isBase64Object(node)) return;
        if (node.kind !== "string") this.say(node, "a string of base64 is expected");
        else if (!BASE64.test(node.value) || node.value.length % 4 === 1) this.say(node, "this is not base64");
        return;
      case "uuid":
        if (!UUID.test(node.value ?? "")) this.say(node, "a UUID is expected, like \"5e2ab188-1726-4e75-a04f-1ed9a6a89c4c\"");
        return;
      case "enum": return this.enumeration(node, this.model.definition(type, program));
      case "list": case "set":
        if (node.kind !== "array") return this.say(node, "an array is expected");
        node.elements.forEach((element) => this.value(element, type.element, program));
        return;
      case "map": return this.map(node, type, program);
      default: {
        const definition = this.model.definition(type, program);
        const seen = this.fields(node, definition.node.fields, definition.program, definition.name);
        if (definition.kind === "union" && seen && seen.size !== 1) {
          this.say(node, `the union \`${definition.name}\` wants exactly one member`);
        }
      }
    }
  }

  integer(node, kind) {
    const text = node.kind === "number" ? node.text : kind === "i64" && node.kind === "string" ? node.value : "";
    if (!/^-?\d+$/.test(text)) return this.say(node, "an integer is expected");
    const [low, high] = RANGES[kind];
    const number = BigInt(text);
    if (number < low || number > high) this.say(node, `\`${text}\` is no \`${kind}\`: ${low} to ${high}`);
  }

  enumeration(node, definition) {
    if (node.kind === "number") return this.integer(node, "i32");
    const names = definition.node.values.map((value) => value.name);
    if (node.kind !== "string") return this.say(node, `a name of \`${definition.name}\` is expected`);
    if (names.includes(node.value)) return;
    const near = nearest(node.value, names);
    this.say(node, `\`${definition.name}\` has no value \`${node.value}\`` + (near ? `; did you mean \`${near}\`?` : ""));
  }

  map(node, type, program) {
    if (node.kind === "object") {
      const key = this.model.resolve(type.key, program).type.kind;
      if (["struct", "union", "exception", "list", "set", "map"].includes(key)) {
        return this.say(node, "an array of [key, value] pairs is expected, since JSON cannot have such keys");
      }
      node.members.forEach((member) => this.value(member.value, type.value, program));
    } else if (node.kind === "array") {
      for (const pair of node.elements) {
        if (pair.kind !== "array" || pair.elements.length !== 2) this.say(pair, "a pair [key, value] is expected");
        else {
          this.value(pair.elements[0], type.key, program);
          this.value(pair.elements[1], type.value, program);
        }
      }
    } else {
      this.say(node, "an object is expected");
    }
  }
}

const isNull = (node) => node.kind === "word" && node.text === "null";

function isBase64Object(node) {
  return node.kind === "object" && node.members.length === 1 && node.members[0].name === "base64" &&
    node.members[0].value.kind === "string";
}

// The name that differs by the fewest letters, if it is near at all.
function nearest(name, names) {
  let best;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const other of names) {
    const d = distance(name.toLowerCase(), other.toLowerCase());
    if (d < least) [best, least] = [other, d];
  }
  return best;
}

// Letters left out, put in, replaced, or swapped with the next one.
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; ++i) {
    const row = [i];
    for (let j = 1; j <= b.length; ++j) {
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
