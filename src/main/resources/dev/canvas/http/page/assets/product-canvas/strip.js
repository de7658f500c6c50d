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
  #leading = false;
  #width = 0;
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
    this.#updateReach();
    this.#loadNeighbours();
    this.#alignScroll();
  }

  get #isStrip() {
    return this.element.dataset.layout === "strip";
  }

  /**
   * Shows these items. Equal items keep their cells; the current item and the focus stay.
   *
   * @param {boolean} leading whether this is the gallery of the page that loads with priority
   */
  show(items, leading) {
    this.#leading = leading;
    const focused = this.#cells.find((cell) => cell.element.contains(cell.element.getRootNode().activeElement));
    const current = this.#cells[this.#index]?.item.key;
    const before = new Map(this.#cells.map((cell) => [JSON.stringify(cell.item), cell]));
    const first = leading ? items.find((item) => !item.video) : null;
    this.#cells = items.map((item) => before.get(JSON.stringify(item)) ?? this.#cell(item, item === first));
    this.#cells.forEach((cell, n) => cell.setPosition(n, items.length));
    this.#place(this.#cells.map((cell) => cell.element));
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

  /** Adapts to another width: the pictures to their cells, and the scrolling to the current item. */
  resize(sizes) {
    this.#cells.forEach((cell) => cell.resize(sizes));
    if (this.#list.clientWidth === this.#width) return;
    this.#width = this.#list.clientWidth;
    this.#alignScroll();
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
    this.select(n);
    this.#cells[n].focusable.focus();
  }

  /** Makes another item the current one without scrolling the page. */
  select(n) {
    if (!this.#cells[n]) return;
    this.#setCurrent(n, false);
    this.#alignScroll();
  }

  /** Focuses the current item. */
  focusCurrent() {
    this.#cells[this.#index]?.focusable.focus({ preventScroll: true });
  }

  /** Loads all pictures, also those out of sight. */
  loadAll() {
    this.#cells.forEach((cell) => cell.loadNow());
  }

  /** Puts the elements into the list in this order. Those in place are not touched: a moved video stops. */
  #place(elements) {
    [...this.#list.children].filter((child) => !elements.includes(child)).forEach((child) => child.remove());
    elements.forEach((element, n) => {
      if (this.#list.children[n] !== element) this.#list.insertBefore(element, this.#list.children[n] ?? null);
    });
  }

  #cell(item, first) {
    return new Cell(item, first, {
      opened: (cell) => this.#listeners.opened(this.#cells.indexOf(cell)),
      failed: (cell) => {
        cell.fail();
        this.#updateReach();
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
      // Hidden, it has neither a width nor a scroll position.
      if (!this.#isStrip || this.#cells.length < 2 || !this.#offset(1)) return;
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
    this.#leading = true;
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
    this.#updateReach();
    this.#loadNeighbours();
  }

  /** In a strip, loads what a swipe leads to. */
  #loadNeighbours() {
    if (this.#isStrip && this.#leading) [this.#index - 1, this.#index + 1].forEach((n) => this.#cells[n]?.loadNow());
  }

  /** In a strip Tab reaches the current item only, as the others are out of sight; the arrow keys reach them. */
  #updateReach() {
    this.#cells.forEach((cell, n) => (cell.reachable = !this.#isStrip || n === this.#index));
  }
}
