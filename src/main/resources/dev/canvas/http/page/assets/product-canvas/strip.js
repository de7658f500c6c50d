import { Cell } from "./cell.js";
import { ICONS, iconButton, prefersReducedMotion, make, stepOf } from "./dom.js";
import { text } from "./texts.js";
import { Thumbs } from "./thumbs.js";

/** How long scrolling must pause before the item in the middle becomes the current one, in milliseconds. */
const SCROLL_PAUSE = 90;

/**
 * The media of a product, laid out as `layout` says: as a strip to swipe, with the browser's scroll snapping, or in
 * columns.
 */
export class Strip {
  #cells = [];
  #index = 0;
  #scrollTimer;
  #listeners;
  #list = make("ul", { part: "strip", class: "strip", role: "list" });
  #previous = iconButton("previous", text("previous"), ICONS.previous, () => this.goTo(this.#index - 1));
  #next = iconButton("next", text("next"), ICONS.next, () => this.goTo(this.#index + 1));
  #position = make("p", { part: "position", class: "position", "aria-hidden": "true" });
  #announcement = make("p", { class: "visually-hidden", role: "status" });
  #thumbs = new Thumbs((n) => this.goTo(n));

  /** @param {{changed: function, opened: function, failed: function}} listeners each called with an index */
  constructor(listeners) {
    this.#listeners = listeners;
    const frame = make("div", { class: "frame" }, this.#list, this.#position, this.#previous, this.#next);
    this.element = make(
      "section",
      { part: "gallery", class: "gallery" },
      frame,
      this.#thumbs.element,
      this.#announcement,
    );
    this.#list.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.#list.addEventListener("keydown", (event) => this.#onKeydown(event));
    this.#list.addEventListener("focusin", (event) => this.#onFocusin(event));
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
    this.#alignScroll();
  }

  get #isStrip() {
    return this.element.dataset.layout === "strip";
  }

  /** Shows these items. Equal items keep their cells; the current item and the focus stay. */
  show(items) {
    const focused = this.#cells.find((cell) => cell.element.contains(cell.element.getRootNode().activeElement));
    const current = this.#cells[this.#index]?.item.key;
    const before = new Map(this.#cells.map((cell) => [JSON.stringify(cell.item), cell]));
    const first = items.find((item) => !item.video);
    this.#cells = items.map((item) => before.get(JSON.stringify(item)) ?? this.#cell(item, item === first));
    this.#cells.forEach((cell, n) => cell.setPosition(n, items.length));
    this.#list.replaceChildren(...this.#cells.map((cell) => cell.element));
    this.#thumbs.show(items);
    this.element.classList.toggle("single", items.length < 2);
    const kept = this.#cells.findIndex((cell) => cell.item.key === current);
    this.#index = kept >= 0 ? kept : Math.min(this.#index, Math.max(0, items.length - 1));
    this.#alignScroll();
    this.#updateControls();
    const toFocus =
      this.#cells.find((cell) => cell.item.key === focused?.item.key) ?? (focused && this.#cells[this.#index]);
    toFocus?.focusable.focus({ preventScroll: true });
  }

  /** Starts loading the pictures; they must be in the document. */
  load(renditions, base, sizes) {
    this.#cells.forEach((cell) => cell.load(renditions, base, sizes));
    this.#thumbs.load(renditions, base);
  }

  /** Adapts the pictures to the width of their cells. */
  resize(sizes) {
    this.#cells.forEach((cell) => cell.resize(sizes));
  }

  /** Makes another item the current one, and scrolls to it. */
  goTo(n) {
    if (!this.#cells[n]) return;
    const behavior = prefersReducedMotion() ? "instant" : "smooth";
    if (this.#isStrip) this.#list.scrollTo({ left: this.#offset(n), behavior });
    else this.#cells[n].element.scrollIntoView({ block: "nearest", behavior });
    this.#setCurrent(n);
  }

  /** Goes to an item without animation and focuses it: after full screen. */
  focus(n) {
    if (!this.#cells[n]) return;
    this.#setCurrent(n, false);
    this.#alignScroll();
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

  /** The scroll position of an item; negative right to left. */
  #offset(n) {
    return this.#cells[n].element.offsetLeft - this.#cells[0].element.offsetLeft;
  }

  #alignScroll() {
    if (this.#isStrip && this.#cells.length > 0)
      this.#list.scrollTo({ left: this.#offset(this.#index), behavior: "instant" });
  }

  #onScroll() {
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = setTimeout(() => {
      if (!this.#isStrip || this.#cells.length < 2) return;
      this.#setCurrent(Math.round(this.#list.scrollLeft / this.#offset(1)));
    }, SCROLL_PAUSE);
  }

  #onKeydown(event) {
    if (event.target instanceof HTMLVideoElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = stepOf(event.key, this.#list, this.#index, this.#cells.length);
    if (step === null) return;
    event.preventDefault();
    this.goTo(step);
    this.#cells[step].focusable.focus({ preventScroll: true });
  }

  #onFocusin(event) {
    const n = this.#cells.findIndex((cell) => cell.element.contains(event.target));
    if (n >= 0) this.#setCurrent(n);
  }

  #setCurrent(n, announced = true) {
    if (n === this.#index || !this.#cells[n]) return;
    // A video does not play out of sight.
    if (this.#isStrip) this.#cells[this.#index]?.pause();
    this.#index = n;
    this.#updateControls();
    if (announced)
      this.#announcement.textContent = text(this.#cells[n].item.video ? "video" : "picture", this.#placeholders);
    this.#listeners.changed(n);
  }

  get #placeholders() {
    return { n: this.#index + 1, total: this.#cells.length };
  }

  #updateControls() {
    const last = this.#cells.length - 1;
    this.#position.textContent = text("position", this.#placeholders);
    this.#previous.setAttribute("aria-disabled", this.#index <= 0);
    this.#next.setAttribute("aria-disabled", this.#index >= last);
    this.#thumbs.markCurrent(this.#index);
    [this.#index - 1, this.#index + 1].forEach((n) => this.#isStrip && this.#cells[n]?.loadNow());
  }
}
