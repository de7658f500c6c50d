import { Cell } from "./cell.js";
import { ICONS, iconButton, isStill, make, stepOf } from "./dom.js";
import { text } from "./texts.js";
import { Thumbs } from "./thumbs.js";

/** How long scrolling has to rest until what is in the middle counts as current, in milliseconds. */
const REST = 90;

/**
 * The media of a product beside each other: swiped by the browser's own scrolling, which snaps, or all of them in
 * columns. Which of both is told by `layout`.
 */
export class Strip {
  #cells = [];
  #index = 0;
  #resting;
  #listeners;
  #list = make("ul", { part: "strip", class: "strip", role: "list" });
  #previous = iconButton("previous", text("previous"), ICONS.previous, () => this.goTo(this.#index - 1));
  #next = iconButton("next", text("next"), ICONS.next, () => this.goTo(this.#index + 1));
  #position = make("p", { part: "position", class: "position", "aria-hidden": "true" });
  #spoken = make("p", { class: "unseen", role: "status" });
  #thumbs = new Thumbs((n) => this.goTo(n));

  /** @param {{changed: function, opened: function, failed: function}} listeners each called with an index */
  constructor(listeners) {
    this.#listeners = listeners;
    const frame = make("div", { class: "frame" }, this.#list, this.#position, this.#previous, this.#next);
    this.element = make("section", { part: "gallery", class: "gallery" }, frame, this.#thumbs.element, this.#spoken);
    this.#list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("focusin", (event) => this.#focused(event));
  }

  get index() {
    return this.#index;
  }

  get cells() {
    return this.#cells;
  }

  /** `strip` or `grid`. */
  set layout(layout) {
    if (this.element.dataset.layout === layout) return;
    this.element.dataset.layout = layout;
    this.#rest();
  }

  get #isStrip() {
    return this.element.dataset.layout === "strip";
  }

  /** Shows these items; what was there before stays as it is, the current one current, the focus where it was. */
  show(items) {
    const focused = this.#cells.find((cell) => cell.element.contains(cell.element.getRootNode().activeElement));
    const current = this.#cells[this.#index]?.item.key;
    const before = new Map(this.#cells.map((cell) => [JSON.stringify(cell.item), cell]));
    const first = items.find((item) => !item.video);
    this.#cells = items.map((item) => before.get(JSON.stringify(item)) ?? this.#cell(item, item === first));
    this.#cells.forEach((cell, n) => cell.place(n, items.length));
    this.#list.replaceChildren(...this.#cells.map((cell) => cell.element));
    this.#thumbs.show(items);
    this.element.classList.toggle("single", items.length < 2);
    const kept = this.#cells.findIndex((cell) => cell.item.key === current);
    this.#index = kept >= 0 ? kept : Math.min(this.#index, Math.max(0, items.length - 1));
    this.#rest();
    this.#mark();
    const again = this.#cells.find((cell) => cell.item.key === focused?.item.key) ?? (focused && this.#cells[this.#index]);
    again?.focusable.focus({ preventScroll: true });
  }

  /** Has the pictures loaded, now that they are in their places. */
  load(renditions, base, sizes) {
    this.#cells.forEach((cell) => cell.load(renditions, base, sizes));
    this.#thumbs.load(renditions, base);
  }

  /** Has the pictures follow the width of their places. */
  resize(sizes) {
    this.#cells.forEach((cell) => cell.resize(sizes));
  }

  /** Makes another one the current one, and has it seen. */
  goTo(n) {
    if (!this.#cells[n]) return;
    const behavior = isStill() ? "instant" : "smooth";
    if (this.#isStrip) this.#list.scrollTo({ left: this.#offset(n), behavior });
    else this.#cells[n].element.scrollIntoView({ block: "nearest", behavior });
    this.#current(n);
  }

  /** The same, at once and with the focus: after full screen. */
  focus(n) {
    if (!this.#cells[n]) return;
    this.#current(n, false);
    this.#rest();
    this.#cells[n].focusable.focus();
  }

  #cell(item, first) {
    return new Cell(item, first, {
      opened: (cell) => this.#listeners.opened(this.#cells.indexOf(cell)),
      failed: (cell) => {
        cell.fail();
        this.#thumbs.fail(cell.item);
        this.#listeners.failed(cell.item);
      },
    });
  }

  /** Where the strip is scrolled to for one: to the left of the first it is negative. */
  #offset(n) {
    return this.#cells[n].element.offsetLeft - this.#cells[0].element.offsetLeft;
  }

  #rest() {
    if (this.#isStrip && this.#cells.length > 0) this.#list.scrollTo({ left: this.#offset(this.#index), behavior: "instant" });
  }

  #scrolled() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (!this.#isStrip || this.#cells.length < 2) return;
      this.#current(Math.round(this.#list.scrollLeft / this.#offset(1)));
    }, REST);
  }

  #pressed(event) {
    if (event.target instanceof HTMLVideoElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = stepOf(event.key, this.#list, this.#index, this.#cells.length);
    if (step === null) return;
    event.preventDefault();
    this.goTo(step);
    this.#cells[step].focusable.focus({ preventScroll: true });
  }

  #focused(event) {
    const n = this.#cells.findIndex((cell) => cell.element.contains(event.target));
    if (n >= 0) this.#current(n);
  }

  #current(n, spoken = true) {
    if (n === this.#index || !this.#cells[n]) return;
    // Out of sight nothing plays.
    if (this.#isStrip) this.#cells[this.#index]?.pause();
    this.#index = n;
    this.#mark();
    if (spoken) this.#spoken.textContent = text(this.#cells[n].item.video ? "video" : "picture", this.#place);
    this.#listeners.changed(n);
  }

  get #place() {
    return { n: this.#index + 1, total: this.#cells.length };
  }

  #mark() {
    const last = this.#cells.length - 1;
    this.#position.textContent = text("position", this.#place);
    this.#previous.setAttribute("aria-disabled", this.#index <= 0);
    this.#next.setAttribute("aria-disabled", this.#index >= last);
    this.#thumbs.mark(this.#index);
    [this.#index - 1, this.#index + 1].forEach((n) => this.#isStrip && this.#cells[n]?.hurry());
  }
}
