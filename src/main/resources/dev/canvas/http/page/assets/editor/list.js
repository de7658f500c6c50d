// The list of items: shows the draft as a list or a grid, and turns keys, buttons and fields into changes of it.

import { faultOf } from "./address.js";
import { asciiHost } from "./host.js";
import { isHttpsOnly, itemName } from "./media.js";
import { makeDraggable } from "./drag.js";
import { Row } from "./row.js";

export class List {
  #element;
  #template;
  #draft;
  #selection;
  #events;
  #rows = new Map();
  #errors = new Map();
  #failed = new Set();

  /**
   * @param element the list
   * @param template the markup of a row
   * @param events called by what happens: `say` with a message, `emptied` when no row is left to focus, `picture` with
   *     the key of a picture that was pressed, and `settled` after a file was loaded or could not be
   */
  constructor(element, template, draft, selection, events) {
    this.#element = element;
    this.#template = template;
    this.#draft = draft;
    this.#selection = selection;
    this.#events = events;
    element.addEventListener("input", (event) => this.#onInput(event.target));
    element.addEventListener("click", (event) => this.#onClick(event));
    element.addEventListener("keydown", (event) => this.#onKeydown(event));
    makeDraggable(element, (row, index) => this.#move(this.#key(row), index, "handle"));
  }

  /** The keys of the items whose files could not be loaded. */
  get failed() {
    return this.#failed;
  }

  get isGrid() {
    return this.#element.dataset.view === "grid";
  }

  /** Shows the items as a `list` with their fields, or as a compact `grid`. */
  view(name) {
    this.#element.dataset.view = name;
    this.show();
  }

  /** Focuses a control of an item, given by class or field name. */
  focus(key, control) {
    const row = this.#rows.get(key);
    row?.focus(control);
    row?.element.scrollIntoView({ block: "nearest" });
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
        this.#failed.delete(key);
      }
    }
    items.forEach((item, index) => {
      const row = this.#row(item.key);
      if (this.#element.children[index] !== row.element) {
        this.#element.insertBefore(row.element, this.#element.children[index] ?? null);
      }
      row.show(item, index, items.length, this.#errors.get(item.key) ?? [], this.#selection.has(item.key));
    });
    this.#selection.show(items);
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
      this.#rows.set(key, new Row(this.#template, key, measured, (...outcome) => this.#settle(...outcome)));
    }
    return this.#rows.get(key);
  }

  #settle(key, loaded) {
    const known = this.#failed.has(key);
    loaded === false ? this.#failed.add(key) : this.#failed.delete(key);
    if (known !== this.#failed.has(key)) {
      this.#events.settled();
    }
  }

  #onInput(input) {
    const key = this.#key(input);
    if (input.closest(".select")) {
      return;
    }
    const others = (this.#errors.get(key) ?? []).filter(({ field }) => field !== input.name);
    const fault = ["url", "poster"].includes(input.name) && input.value ? faultOf(input.value, isHttpsOnly()) : "";
    this.#errors.set(key, fault ? [...others, { field: input.name, detail: fault }] : others);
    // A text area wraps lines, but the text of a picture has none.
    const text = input.name === "alt" ? input.value.replace(/[\r\n\t]+/g, " ") : asciiHost(input.value);
    this.#draft.edit(key, input.name, input.type === "checkbox" ? input.checked : text);
  }

  #onClick(event) {
    const button = event.target.closest("button");
    if (event.target.matches(".select input")) {
      this.#selection.set(this.#key(event.target), event.target.checked, event.shiftKey, this.#draft.items);
      this.show();
    }
    if (!button || (button.getAttribute("aria-disabled") === "true" && !(this.isGrid && button.matches(".picture")))) {
      return;
    }
    const key = this.#key(button);
    const index = this.#index(key);
    if (button.matches(".picture")) {
      this.#events.picture(key);
    } else if (button.matches(".first")) {
      this.#move(key, 0, "handle");
    } else if (button.matches(".up, .down")) {
      this.#move(key, index + (button.matches(".up") ? -1 : 1), button.className);
    } else if (button.matches(".remove")) {
      const name = itemName(this.#draft.items[index], index);
      this.#draft.remove(key);
      this.#events.say(`Deleted ${name}. Undo brings it back.`);
      const next = this.#draft.items[Math.min(index, this.#draft.items.length - 1)];
      if (next) {
        this.#rows.get(next.key).focus("remove");
      } else {
        this.#events.emptied();
      }
    }
  }

  #onKeydown(event) {
    if (event.key === "Enter" && event.target.matches("textarea")) {
      event.preventDefault();
      return;
    }
    if (!event.target.matches(".handle") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const key = this.#key(event.target);
    const index = this.#index(key);
    const line = this.isGrid ? columnsOf(this.#element) : 1;
    const forward = getComputedStyle(this.#element).direction === "rtl" ? -1 : 1;
    const to = {
      ArrowUp: index - line,
      ArrowDown: index + line,
      ArrowLeft: index - forward,
      ArrowRight: index + forward,
      Home: 0,
      End: this.#draft.items.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#move(key, to, "handle");
    }
  }

  /** Moves an item, and with it all that are selected if it is. */
  #move(key, index, control) {
    const selected = this.#selection.has(key) ? this.#selection.among(this.#draft.items) : [];
    const keys = selected.length > 1 ? selected : [key];
    // Items that stand before the new place and move along make room for it.
    const others = this.#draft.items.filter((item) => item.key !== key);
    const place = Math.max(0, index);
    const before = others.slice(0, place).filter((item) => keys.includes(item.key)).length;
    if (this.#draft.move(keys, place - before)) {
      const now = this.#index(key);
      const what = keys.length > 1 ? `${keys.length} items` : itemName(this.#draft.items[now], now);
      this.#events.say(`Moved ${what} to position ${this.#index(keys[0]) + 1} of ${this.#draft.items.length}.`);
    } else {
      this.show();
    }
    this.focus(key, control);
  }

  #index(key) {
    return this.#draft.items.findIndex((item) => item.key === key);
  }

  #key(element) {
    return Number(element.closest("[data-key]").dataset.key);
  }
}

/** The number of items side by side. */
function columnsOf(grid) {
  const [first, ...rest] = [...grid.children].map((item) => item.offsetTop);
  const next = rest.findIndex((top) => top !== first);
  return next < 0 ? rest.length + 1 : next + 1;
}
