import { prefersReducedMotion, make } from "./dom.js";
import { srcset } from "./media.js";
import { nameOf, text } from "./texts.js";

/** The row of thumbnails under the strip, each a button. */
export class Thumbs {
  #buttons = [];
  #items = [];
  #chosen;

  /** @param {function} chosen called with an index */
  constructor(chosen) {
    this.#chosen = chosen;
    this.element = make("div", { part: "thumbs", class: "thumbs", role: "group", "aria-label": text("thumbnails") });
  }

  show(items) {
    const focused = this.#buttons.findIndex((button) => button === button.getRootNode().activeElement);
    const key = this.#items[focused]?.key;
    this.#items = items;
    this.#buttons = items.map((item, n) => this.#button(item, n));
    this.element.replaceChildren(...this.#buttons);
    if (key) this.#buttons[items.findIndex((item) => item.key === key)]?.focus({ preventScroll: true });
  }

  load(renditions, base) {
    this.#items.forEach((item, n) => {
      const picture = this.#buttons[n].querySelector("img");
      if (!picture || picture.src) return;
      const set = srcset(item, renditions, base);
      if (item.blocked && !set) return picture.remove();
      if (set) {
        picture.sizes = `${this.#buttons[n].clientWidth || 64}px`;
        picture.srcset = set;
      }
      if (item.video) picture.src = item.poster;
      else if (!item.blocked) picture.src = item.url;
    });
  }

  /** Marks the current thumbnail and scrolls to it. */
  markCurrent(index) {
    this.#buttons.forEach((button, n) => {
      button.setAttribute("aria-current", n === index);
      button.part.toggle("thumb-current", n === index);
    });
    const { offsetLeft, offsetWidth } = this.#buttons[index] ?? this.element;
    const left = offsetLeft - this.element.offsetLeft - (this.element.clientWidth - offsetWidth) / 2;
    this.element.scrollTo({ left, behavior: prefersReducedMotion() ? "instant" : "smooth" });
  }

  fail(item) {
    const n = this.#items.findIndex(({ key }) => key === item.key);
    this.#buttons[n]?.querySelector("img")?.remove();
  }

  #button(item, n) {
    const what = nameOf(item, n, this.#items.length);
    const button = make("button", {
      type: "button",
      part: "thumb",
      class: "thumb",
      "aria-label": text("show", { what }),
    });
    button.addEventListener("click", () => this.#chosen(n));
    button.classList.toggle("film", item.video);
    if (item.placeholder) button.style.backgroundColor = item.placeholder;
    if (!item.video || item.poster) {
      const picture = make("img", { alt: "", loading: "lazy", decoding: "async", fetchpriority: "low" });
      picture.addEventListener("error", () => picture.remove());
      if (item.focal) picture.style.objectPosition = item.focal;
      button.append(picture);
    }
    return button;
  }
}
