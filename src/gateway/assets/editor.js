// A text area for JSON that shows colours: the text area is transparent, and the same text lies under it.

import { h } from "./dom.js";
import { coloured } from "./json.js";

export class Editor {
  constructor(label, text) {
    this.code = h("code", {});
    this.area = h("textarea", { spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-label": label,
                                rows: 1 });
    this.element = h("div", { class: "editor" }, h("pre", { "aria-hidden": "true" }, this.code), this.area);
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.value = text;
    this.paint();
  }

  get value() {
    return this.area.value;
  }

  set value(text) {
    // As if it were typed, so that it can be undone.
    this.area.focus();
    this.area.select();
    if (!document.execCommand("insertText", false, text)) this.area.value = text;
    this.area.setSelectionRange(0, 0);
    this.changed();
  }

  focus() {
    this.area.focus();
  }

  goTo(at) {
    this.area.focus();
    this.area.setSelectionRange(at, at);
  }

  changed() {
    this.paint();
    this.onchange?.();
  }

  paint() {
    // A line that is empty needs something to stand on.
    coloured(this.area.value, this.code);
    this.code.append("\n");
  }

  key(event) {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.onsend?.();
      return;
    }
    // A new line begins below the one before, deeper after a bracket.
    const before = this.area.value.slice(0, this.area.selectionStart);
    const after = this.area.value.slice(this.area.selectionEnd);
    const indent = /[^\S\n]*$/.exec(before.slice(0, before.lastIndexOf("\n") + 1 + /^\s*/.exec(before.slice(before.lastIndexOf("\n") + 1))[0].length))[0];
    const opened = /[{[]\s*$/.test(before);
    const closed = opened && /^\s*[}\]]/.test(after);
    const middle = "\n" + indent + (opened ? "  " : "");
    if (document.execCommand("insertText", false, middle + (closed ? "\n" + indent : ""))) {
      event.preventDefault();
      const caret = before.length + middle.length;
      this.area.setSelectionRange(caret, caret);
    }
  }
}
