import { ICONS, iconButton, isRightToLeft, make, stepOf } from "./dom.js";
import { srcset } from "./media.js";
import { Clip, pausePlaying } from "./playback.js";
import { nameOf, text } from "./texts.js";
import { Thumbs } from "./thumbs.js";
import { Zoom } from "./zoom.js";

const ZOOM_STEP = 1.5;
const PAN_STEP = 80;

/** The keys that mean something in full screen. */
const KEYS = /^(?:Arrow(?:Left|Right|Up|Down)|Home|End|[-+=0])$/;

/**
 * Full screen: a modal dialog with one picture or video at a time, over thumbnails of all. It skips items that fail to
 * load.
 */
export class Viewer {
  #items = [];
  #index = 0;
  #direction = 1;
  #shown = null;
  #context;
  #listeners;
  #stage = make("div", { part: "stage", class: "stage", tabindex: "-1" });
  #position = make("p", { part: "dialog-position", class: "position", "aria-hidden": "true" });
  #announcement = make("p", { class: "visually-hidden", role: "status" });
  #zoomIn = iconButton("zoom-in", text("zoomIn"), ICONS.plus, () => this.#zoom.by(ZOOM_STEP));
  #zoomOut = iconButton("zoom-out", text("zoomOut"), ICONS.minus, () => this.#zoom.by(1 / ZOOM_STEP));
  #close = iconButton("close", text("close"), ICONS.close, () => this.close());
  #previous = iconButton("dialog-previous", text("previous"), ICONS.previous, () => this.#step(-1));
  #next = iconButton("dialog-next", text("next"), ICONS.next, () => this.#step(1));
  #thumbs = new Thumbs((n) => this.goTo(n), "dialog-");
  #zoom = new Zoom(this.#stage, { swiped: (step) => this.#step(step), changed: (scale) => this.#onScaled(scale) });

  /** @param {{changed: function, closed: function, failed: function, isFailed: function}} listeners */
  constructor(listeners) {
    this.#listeners = listeners;
    const toolbar = make(
      "div",
      { part: "toolbar", class: "toolbar" },
      this.#position,
      this.#zoomOut,
      this.#zoomIn,
      this.#close,
    );
    this.element = make("dialog", { part: "dialog", class: "dialog", "aria-label": text("dialog") });
    this.element.append(this.#stage, this.#previous, this.#next, toolbar, this.#thumbs.element, this.#announcement);
    this.element.addEventListener("close", () => this.isOpen || this.#onClosed());
    this.element.addEventListener("keydown", (event) => this.#onKeydown(event));
  }

  get isOpen() {
    return this.element.open;
  }

  get index() {
    return this.#index;
  }

  /** @param {{renditions: object, base: string}} context of the items */
  open(items, index, context) {
    // If it was closed just now, the close event has not been fired yet.
    this.#onClosed();
    this.#index = index;
    this.element.classList.toggle("rtl", isRightToLeft(this.element.parentNode.host));
    pausePlaying();
    this.element.showModal();
    this.#close.focus();
    this.#take(items, context);
    this.#show(index, 1, "zoom");
  }

  close() {
    if (this.isOpen) this.element.close();
    this.#onClosed();
  }

  /** Replaces the items; the one shown stays if it still exists. */
  update(items, context) {
    if (!this.isOpen) return;
    const shown = this.#items[this.#index];
    const kept = items.findIndex(({ key }) => key === shown.key);
    this.#take(items, context);
    if (items.length === 0) this.close();
    else if (kept >= 0 && JSON.stringify(items[kept]) === JSON.stringify(shown)) this.#setIndex(kept);
    else this.#show(kept >= 0 ? kept : Math.min(this.#index, items.length - 1));
  }

  /** Shows another item. */
  goTo(n) {
    if (this.#items[n] && n !== this.#index) this.#show(n, Math.sign(n - this.#index));
  }

  /** Takes the items on, and shows their thumbnails. */
  #take(items, context) {
    this.#items = items;
    this.#context = context;
    this.element.classList.toggle("alone", items.length < 2);
    this.#thumbs.show(items);
    this.#thumbs.load(context.renditions, context.base);
  }

  get #usable() {
    return [...this.#items.keys()].filter((n) => !this.#listeners.isFailed(this.#items[n]));
  }

  #step(step) {
    const usable = this.#usable;
    const n = usable[usable.indexOf(this.#index) + step];
    if (n !== undefined) this.#show(n, step);
  }

  /** Shows this item, or the next one in the direction that can be shown; it comes from there, or as said. */
  #show(target, direction = 1, entrance = direction > 0 ? "ahead" : "back") {
    this.#direction = direction;
    const usable = this.#usable;
    const ahead = direction > 0 ? usable.find((n) => n >= target) : usable.findLast((n) => n <= target);
    const n = ahead ?? usable.at(direction > 0 ? -1 : 0);
    const focused = this.#stage.contains(this.#stage.getRootNode().activeElement);
    if (this.#shown?.querySelector("video")) pausePlaying();
    this.#shown = n === undefined ? this.#fallback() : this.#media(this.#items[n], n);
    this.#shown.classList.add("stage-media", entrance);
    this.#stage.replaceChildren(this.#shown);
    // What had the focus is gone, and with the focus on the page the keys would have no effect.
    if (focused) this.#stage.focus({ preventScroll: true });
    this.#zoom.shown = this.#shown;
    const picture = this.#shown instanceof HTMLImageElement;
    if (!picture && [this.#zoomIn, this.#zoomOut].includes(this.#stage.getRootNode().activeElement)) this.#close.focus();
    this.#zoomIn.hidden = this.#zoomOut.hidden = !picture;
    this.#setIndex(n ?? target);
  }

  #setIndex(n) {
    const usable = this.#usable;
    const changed = n !== this.#index;
    this.#index = n;
    const total = this.#items.length;
    const place = { n: n + 1, total };
    this.#position.textContent = text("position", place);
    const what = text(this.#items[n].video ? "video" : "picture", place);
    this.#announcement.textContent = this.#items[n].alt ? `${what}: ${this.#items[n].alt}` : what;
    this.#previous.setAttribute("aria-disabled", n <= (usable[0] ?? n));
    this.#next.setAttribute("aria-disabled", n >= (usable.at(-1) ?? n));
    this.#thumbs.markCurrent(n);
    this.#onScaled(this.#zoom.scale);
    if (changed) this.#listeners.changed(n);
  }

  #media(item, n) {
    const name = nameOf(item, n, this.#items.length);
    const failed = ({ target }) => {
      // If a rendition fails, try the original picture.
      if (target.hasAttribute("srcset") && !item.blocked) return target.removeAttribute("srcset");
      this.#listeners.failed(item);
      return this.#shown?.contains(target) && this.#show(n + this.#direction, this.#direction);
    };
    if (item.video) {
      const clip = new Clip(item, "stage-media", failed);
      clip.name = name;
      return clip.element;
    }
    const picture = make("img", {
      part: "stage-media",
      alt: item.decorative ? "" : name,
      crossorigin: item.crossOrigin,
      draggable: "false",
      error: failed,
    });
    if (item.width) picture.setAttribute("width", item.width);
    if (item.height) picture.setAttribute("height", item.height);
    const set = srcset(item, this.#context.renditions, this.#context.base);
    if (set) {
      picture.sizes = `${this.#stage.clientWidth}px`;
      picture.srcset = set;
    }
    if (!item.blocked) picture.src = item.url;
    return picture;
  }

  #fallback() {
    return make("p", { part: "fallback", class: "fallback" }, text("failedPicture"));
  }

  /** A larger picture may need a wider rendition. */
  #onScaled(scale) {
    this.#zoomOut.setAttribute("aria-disabled", scale <= 1);
    if (this.#shown?.hasAttribute("srcset")) this.#shown.sizes = `${Math.ceil(this.#stage.clientWidth * scale)}px`;
  }

  #onKeydown(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    // Whatever the page does with its keys, such as closing a dialog of its own, is not meant here.
    if (key === "Escape" || KEYS.test(key)) event.stopPropagation();
    if (key === "Escape") {
      event.preventDefault();
      return this.close();
    }
    // The thumbnails have handled it.
    if (event.defaultPrevented) return;
    const arrows = {
      ArrowLeft: [PAN_STEP, 0],
      ArrowRight: [-PAN_STEP, 0],
      ArrowUp: [0, PAN_STEP],
      ArrowDown: [0, -PAN_STEP],
    };
    const usable = this.#usable;
    const step = stepOf(key, this.#stage, usable.indexOf(this.#index), usable.length);
    if (event.target instanceof HTMLVideoElement) return;
    if (key === "+" || key === "=") this.#zoom.by(ZOOM_STEP);
    else if (key === "-") this.#zoom.by(1 / ZOOM_STEP);
    else if (key === "0") this.#zoom.reset();
    else if (this.#zoom.scale > 1 && arrows[key]) this.#zoom.pan(...arrows[key]);
    else if (step !== null) this.goTo(usable[step]);
    else return;
    event.preventDefault();
  }

  #onClosed() {
    if (!this.#shown) return;
    pausePlaying();
    this.#zoom.shown = null;
    this.#shown = null;
    this.#stage.replaceChildren();
    this.#thumbs.show([]);
    this.#listeners.closed(this.#index);
  }
}
