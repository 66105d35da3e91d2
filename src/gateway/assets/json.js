// JSON as text. Numbers are never made into JavaScript's, which would lose digits beyond 2^53.

const PIECE = /\s+|"(?:[^"\\\u0000-\u001f]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/y;

// [{ kind, text, at }], kind one of space, string, number, word, mark, wrong.
export function pieces(text) {
  const out = [];
  PIECE.lastIndex = 0;
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (!match) {
      out.push({ kind: "wrong", text: text.slice(at), at });
      break;
    }
    const piece = match[0];
    const kind = /^\s/.test(piece) ? "space"
      : piece[0] === '"' ? "string"
      : /^[-\d]/.test(piece) ? "number"
      : piece.length > 1 ? "word" : "mark";
    out.push({ kind, text: piece, at });
  }
  return out;
}

export class JsonError extends Error {
  constructor(message, at) {
    super(message);
    this.at = at;
  }
}

// What `text` is: { kind: "object", members: [{ name, at, value }] }, { kind: "array", elements },
// { kind: "string", value }, { kind: "number", text }, { kind: "word", text }; each with `at`, its place.
export function parse(text) {
  const list = pieces(text).filter((piece) => piece.kind !== "space");
  let next = 0;
  const fail = (expected) => {
    const piece = list[next];
    if (!piece) throw new JsonError(`${expected} is missing at the end`, text.length);
    const shown = piece.text.length > 20 ? piece.text.slice(0, 20) + "…" : piece.text;
    throw new JsonError(`${expected} is expected, not \`${shown.trim()}\``, piece.at);
  };
  const is = (mark) => list[next]?.kind === "mark" && list[next].text === mark;
  const take = (mark) => {
    if (!is(mark)) fail(`\`${mark}\``);
    return list[next++];
  };
  const string = (piece) => {
    try {
      return JSON.parse(piece.text);
    } catch {
      throw new JsonError("the string has an escape that JSON does not know", piece.at);
    }
  };
  const value = (depth) => {
    const piece = list[next];
    if (!piece || piece.kind === "wrong") fail("a value");
    if (depth > 200) throw new JsonError("this is nested too deeply", piece.at);
    if (piece.kind === "string") return ++next, { kind: "string", value: string(piece), at: piece.at };
    if (piece.kind === "number") {
      if (/^-?0\d/.test(piece.text)) throw new JsonError("a number does not begin with 0", piece.at);
      return ++next, { kind: "number", text: piece.text, at: piece.at };
    }
    if (piece.kind === "word") return ++next, { kind: "word", text: piece.text, at: piece.at };
    if (is("{")) {
      const members = [];
      const at = take("{").at;
      while (!is("}")) {
        if (members.length > 0) take(",");
        const name = list[next];
        if (name?.kind !== "string") fail("a name in quotes");
        ++next;
        take(":");
        members.push({ name: string(name), at: name.at, value: value(depth + 1) });
      }
      take("}");
      return { kind: "object", members, at };
    }
    if (is("[")) {
      const elements = [];
      const at = take("[").at;
      while (!is("]")) {
        if (elements.length > 0) take(",");
        elements.push(value(depth + 1));
      }
      take("]");
      return { kind: "array", elements, at };
    }
    return fail("a value");
  };
  const root = value(0);
  if (next < list.length) fail("the end");
  return root;
}

// The same JSON, indented; short arrays of plain values stay in a line. What is no JSON is left alone.
export function pretty(text) {
  let root;
  try {
    root = parse(text);
  } catch {
    return text;
  }
  return textOf(root);
}

// A node of `parse` as text, indented.
export function textOf(root) {
  const write = (node, indent) => {
    const inner = indent + "  ";
    if (node.kind === "object") {
      if (node.members.length === 0) return "{}";
      const members = node.members.map((m) => `${inner}${JSON.stringify(m.name)}: ${write(m.value, inner)}`);
      return `{\n${members.join(",\n")}\n${indent}}`;
    }
    if (node.kind === "array") {
      if (node.elements.length === 0) return "[]";
      const plain = node.elements.every((e) => e.kind !== "object" && e.kind !== "array");
      const parts = node.elements.map((e) => write(e, inner));
      const line = `[${parts.join(", ")}]`;
      if (plain && line.length + indent.length < 76) return line;
      return `[\n${parts.map((p) => inner + p).join(",\n")}\n${indent}]`;
    }
    return node.kind === "string" ? JSON.stringify(node.value) : node.text;
  };
  return write(root, "");
}

// On one line, for shells.
export function compact(text) {
  return pieces(text).filter((p) => p.kind !== "space").map((p) => p.text).join("");
}

// { line, column } of a place, from 1.
export function position(text, at) {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

// The place of a line and a column that counts bytes of UTF-8, both from 1, as the gateway tells them.
export function placeOf(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
  const bytes = new TextEncoder().encode(lines[line - 1] ?? "").slice(0, column - 1);
  return Math.min(text.length, before + new TextDecoder().decode(bytes).length);
}

// Spans with classes, for `code`. Names of members are told from strings.
export function coloured(text, element) {
  const list = pieces(text);
  const nodes = list.map((piece, i) => {
    if (piece.kind === "space" || piece.kind === "wrong") return document.createTextNode(piece.text);
    let kind = piece.kind;
    if (kind === "string") {
      let j = i + 1;
      while (list[j]?.kind === "space") ++j;
      if (list[j]?.text === ":" && list[j].kind === "mark") kind = "name";
    }
    const span = document.createElement("span");
    span.className = "j-" + kind;
    span.textContent = piece.text;
    return span;
  });
  element.replaceChildren(...nodes);
}
