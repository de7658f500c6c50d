// The list of items: shows the draft, and turns keys, buttons and fields into changes of it.

import { itemName } from "./media.js";
import { makeDraggable } from "./drag.js";
import { Row } from "./row.js";

export class List {
  #element;
  #template;
  #draft;
  #say;
  #rows = new Map();
  #errors = new Map();

  /**
   * @param element the list
   * @param template the markup of a row
   * @param say announces a message
   * @param emptied called when no row is left to focus
   */
  constructor(element, template, draft, say, emptied) {
    this.#element = element;
    this.#template = template;
    this.#draft = draft;
    this.#say = say;
    element.addEventListener("input", (event) => this.#onInput(event.target));
    element.addEventListener("click", (event) => this.#onClick(event.target.closest("button"), emptied));
    element.addEventListener("keydown", (event) => this.#onKeydown(event));
    makeDraggable(element, (row, index) => this.#move(this.#key(row), index, "handle"));
  }

  /** Shows the draft. */
  show() {
    const items = this.#draft.items;
    const focused = document.activeElement;
    const keys = new Set(items.map((item) => item.key));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.element.remove();
        this.#rows.delete(key);
      }
    }
    items.forEach((item, index) => {
      const row = this.#row(item.key);
      if (this.#element.children[index] !== row.element) {
        this.#element.insertBefore(row.element, this.#element.children[index] ?? null);
      }
      row.show(item, index, items.length, this.#errors.get(item.key) ?? []);
    });
    // Moving an element in the document takes its focus.
    if (focused !== document.activeElement && this.#element.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  /**
   * Shows the errors that the service reported; returns the details of those that belong to no item.
   *
   * @param sent the items in the order in which they were sent
   * @param errors each with a JSON pointer (RFC 6901) and a detail
   */
  showErrors(sent, errors) {
    this.#errors.clear();
    const rest = [];
    for (const { pointer, detail } of errors) {
      const [, index, field = ""] = /^\/media\/(\d+)(?:\/([^/]+))?/.exec(pointer) ?? [];
      const key = sent[index]?.key;
      if (key === undefined || !this.#rows.has(key)) {
        rest.push(detail);
      } else {
        this.#errors.set(key, [...(this.#errors.get(key) ?? []), { field, detail }]);
      }
    }
    this.show();
    const first = sent.find((item) => this.#errors.has(item.key));
    if (first) {
      const [{ field }] = this.#errors.get(first.key);
      this.#rows.get(first.key).focus(["alt", "url", "poster"].includes(field) ? field : "url");
    }
    return rest;
  }

  /** Removes all errors. */
  clearErrors() {
    this.#errors.clear();
    this.show();
  }

  #row(key) {
    if (!this.#rows.has(key)) {
      const measured = (...size) => this.#draft.measure(...size);
      this.#rows.set(key, new Row(this.#template, key, measured));
    }
    return this.#rows.get(key);
  }

  #onInput(input) {
    const key = this.#key(input);
    this.#errors.set(
      key,
      (this.#errors.get(key) ?? []).filter(({ field }) => field !== input.name),
    );
    this.#draft.edit(key, input.name, input.type === "checkbox" ? input.checked : input.value);
  }

  #onClick(button, emptied) {
    if (!button || button.getAttribute("aria-disabled") === "true") {
      return;
    }
    const key = this.#key(button);
    const index = this.#index(key);
    if (button.matches(".up, .down")) {
      this.#move(key, index + (button.matches(".up") ? -1 : 1), button.className);
    } else if (button.matches(".remove")) {
      const name = itemName(this.#draft.items[index], index);
      this.#draft.remove(key);
      this.#say(`Deleted ${name}. Undo brings it back.`);
      const next = this.#draft.items[Math.min(index, this.#draft.items.length - 1)];
      if (next) {
        this.#rows.get(next.key).focus("remove");
      } else {
        emptied();
      }
    }
  }

  #onKeydown(event) {
    if (!event.target.matches(".handle") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const key = this.#key(event.target);
    const index = this.#index(key);
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: this.#draft.items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#move(key, to, "handle");
    }
  }

  #move(key, index, control) {
    if (this.#draft.move(key, index)) {
      const now = this.#index(key);
      this.#say(
        `Moved ${itemName(this.#draft.items[now], now)} to position ${now + 1} of ${this.#draft.items.length}.`,
      );
    } else {
      this.show();
    }
    const row = this.#rows.get(key);
    row.focus(control);
    row.element.scrollIntoView({ block: "nearest" });
  }

  #index(key) {
    return this.#draft.items.findIndex((item) => item.key === key);
  }

  #key(element) {
    return Number(element.closest("[data-key]").dataset.key);
  }
}
