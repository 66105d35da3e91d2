// The little that is needed to build elements.

// h("a", { class: "x", href: "#/", onclick: f }, "text", [more, nodes])
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

export function replace(element, ...children) {
  element.replaceChildren(...flat(children));
}

// Tells what happened, to those who cannot see it too.
let hide;
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(hide);
  hide = setTimeout(() => place.classList.remove("shown"), 2500);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that did not come over https have no clipboard, only the old way.
    const area = h("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(`${what} copied`);
}

// Comments as they are written: paragraphs, lists, `code`, and javadoc's @tags on lines of their own.
export function docs(text, element = "div") {
  if (!text?.trim()) return null;
  const paragraphs = text.trim().split(/\n\s*\n/).map((paragraph) => {
    const lines = [];
    for (const line of paragraph.split("\n").map((l) => l.trim())) {
      if (lines.length === 0 || /^([-*@]|\d+[.)]\s)/.test(line)) lines.push(line);
      else lines[lines.length - 1] += " " + line;
    }
    return h("p", {}, lines.map((line, i) => {
      const [, tag, rest] = /^@(\w+)\s*(.*)$/s.exec(line) ?? [undefined, undefined, line];
      return [i > 0 && h("br"), tag && [h("span", { class: "tag" }, tag), " "], inline(rest)];
    }));
  });
  return h(element, { class: "docs" }, paragraphs);
}

export function inline(text) {
  return text.split(/(`[^`]+`)/).map((part) =>
    part.length > 2 && part.startsWith("`") ? h("code", {}, part.slice(1, -1)) : part);
}

export function firstSentence(text) {
  const paragraph = (text ?? "").trim().split(/\n\s*\n/)[0].replace(/\s+/g, " ");
  return /^.*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph;
}
