import { make } from "./dom.js";
import { srcset } from "./media.js";
import { Clip } from "./playback.js";
import { nameOf, text } from "./texts.js";

/** One picture or video of the strip: a list item. A picture is a button that opens it in full screen. */
export class Cell {
  #media;
  #clip = null;
  #button = null;
  #enlarge = make("span", { class: "visually-hidden" });
  #failed;
  #fail;

  /**
   * @param {object} item as of `readItems`
   * @param {boolean} first whether it is the first picture of the page, which loads with priority
   * @param {{opened: function, failed: function}} listeners each called with this cell
   */
  constructor(item, first, { opened, failed }) {
    this.item = item;
    this.element = make("li", { part: "item", class: "item" });
    if (item.placeholder) this.element.style.backgroundColor = item.placeholder;
    this.element.classList.toggle("wide", item.width > item.height * 1.2);
    if (item.width) this.element.style.aspectRatio = `${item.width} / ${item.height}`;
    const fail = () => this.#retryOriginal() || failed(this);
    this.#fail = fail;
    if (item.video) {
      this.#clip = new Clip(item, "video", fail);
      this.#media = this.#clip.video;
    } else {
      this.#media = makePicture(item, first, fail);
      this.#button = make("button", { type: "button", part: "open", class: "open", click: () => opened(this) });
      this.#button.append(this.#enlarge, this.#media);
    }
    this.element.append(this.#clip?.element ?? this.#button);
  }

  /** The element to focus. */
  get focusable() {
    return this.#failed ?? this.#clip?.focusable ?? this.#button;
  }

  /** Whether Tab reaches it. */
  set reachable(reachable) {
    this.focusable.tabIndex = reachable && !this.isFailed ? 0 : -1;
  }

  get isFailed() {
    return this.#failed !== undefined;
  }

  /** Sets its name and position. */
  setPosition(n, total) {
    const { item } = this;
    const name = nameOf(item, n, total);
    if (item.video) this.#clip.name = name;
    else this.#media.alt = item.decorative ? "" : name;
    this.#enlarge.textContent = text(item.decorative ? "enlargeDecorative" : "enlarge", { n: n + 1, total });
    if (this.#failed) this.#failed.firstChild.textContent = item.alt;
  }

  /** Starts loading the picture; its width must be known. An address that the page may not load fails at once. */
  load(renditions, base, sizes) {
    if (this.isFailed) return;
    const set = srcset(this.item, renditions, base);
    if (this.item.blocked && !set) this.#fail();
    if (this.item.video || this.isFailed) return;
    if (set) this.resize(sizes);
    if (set && this.#media.srcset !== set) this.#media.srcset = set;
    if (!this.#media.src && !this.item.blocked) this.#media.src = this.item.url;
  }

  /** Tells the browser the width of the picture: the given one, or as measured. */
  resize(sizes) {
    const value = sizes ?? `${Math.ceil(this.element.clientWidth)}px`;
    if (!this.item.video && this.#media.sizes !== value) this.#media.sizes = value;
  }

  /** Loads the picture now, because it may be shown next. */
  loadNow() {
    if (!this.item.video) this.#media.loading = "eager";
  }

  pause() {
    if (this.item.video) this.#media.pause();
  }

  /** Shows the alternative text in place of the picture or video. */
  fail() {
    const focused = this.element.contains(this.element.getRootNode().activeElement);
    const reason = text(this.item.video ? "failedVideo" : "failedPicture");
    this.#failed = make("p", { part: "fallback", class: "fallback", tabindex: "-1" }, make("span", {}, this.item.alt));
    this.#failed.append(make("small", {}, reason));
    this.element.replaceChildren(this.#failed);
    if (focused) this.#failed.focus();
  }

  /** If a rendition failed, tries the original picture. */
  #retryOriginal() {
    if (this.item.video || this.item.blocked || !this.#media.hasAttribute("srcset")) return false;
    this.#media.removeAttribute("srcset");
    return true;
  }
}

function makePicture(item, first, fail) {
  const picture = make("img", {
    part: "picture",
    class: item.focal ? "cropped" : "whole",
    width: item.width,
    height: item.height,
    crossorigin: item.crossOrigin,
    decoding: first ? "auto" : "async",
    loading: first ? "eager" : "lazy",
    fetchpriority: first ? "high" : null,
    draggable: "false",
    error: fail,
  });
  if (item.focal) picture.style.objectPosition = item.focal;
  return picture;
}
