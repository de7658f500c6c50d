import { prefersReducedMotion, make, stepOf } from "./dom.js";
import { srcset } from "./media.js";
import { nameOf, text } from "./texts.js";

/** How much of the last thumbnail is seen where more follow, as a share. */
const PEEK = 0.5;

/** A row of thumbnails, each a button. Tab reaches the current one, the arrow keys the others. */
export class Thumbs {
  #buttons = [];
  #items = [];
  #current = 0;
  #chosen;
  #prefix;

  /**
   * @param {function} chosen called with an index
   * @param {string} prefix of the names of its parts
   */
  constructor(chosen, prefix = "") {
    this.#chosen = chosen;
    this.#prefix = prefix;
    const attributes = { part: `${prefix}thumbs`, class: "thumbs", role: "group", "aria-label": text("thumbnails") };
    this.element = make("div", attributes);
    this.element.addEventListener("keydown", (event) => this.#onKeydown(event));
    new ResizeObserver(() => this.#fit()).observe(this.element);
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
    this.#fit();
  }

  /** Marks the current thumbnail and scrolls to it. */
  markCurrent(index) {
    this.#current = index;
    this.#buttons.forEach((button, n) => {
      button.setAttribute("aria-current", n === index);
      button.tabIndex = n === index ? 0 : -1;
      button.part.toggle(`${this.#prefix}thumb-current`, n === index);
    });
    this.#scrollToCurrent(prefersReducedMotion() ? "instant" : "smooth");
  }

  fail(item) {
    const n = this.#items.findIndex(({ key }) => key === item.key);
    this.#buttons[n]?.querySelector("img")?.remove();
  }

  #onKeydown(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.#buttons.indexOf(event.target);
    const step = stepOf(event.key, this.element, at, this.#buttons.length);
    if (at < 0 || step === null) return;
    event.preventDefault();
    this.#chosen(step);
    // Not always the chosen one: full screen skips what cannot be loaded.
    this.#buttons[this.#current]?.focus({ preventScroll: true });
  }

  /** Widens the thumbnails so that one is cut by the edge where more follow, at every width. */
  #fit() {
    const { element } = this;
    element.style.removeProperty("--_thumb");
    const width = this.#buttons[0]?.offsetWidth;
    const { columnGap, paddingInlineStart } = getComputedStyle(element);
    const [gap, edge] = [columnGap, paddingInlineStart].map((length) => parseFloat(length) || 0);
    const room = element.clientWidth - edge;
    if (!width || this.#buttons.length * (width + gap) - gap <= room - edge) return;
    const seen = Math.max(1, Math.floor(room / (width + gap) - PEEK)) + PEEK;
    element.style.setProperty("--_thumb", `${Math.max(width, (room - Math.floor(seen) * gap) / seen)}px`);
    this.#scrollToCurrent("instant");
  }

  #scrollToCurrent(behavior) {
    const { offsetLeft, offsetWidth } = this.#buttons[this.#current] ?? this.element;
    this.element.scrollTo({ left: offsetLeft - (this.element.clientWidth - offsetWidth) / 2, behavior });
  }

  #button(item, n) {
    const what = nameOf(item, n, this.#items.length);
    const button = make("button", {
      type: "button",
      part: `${this.#prefix}thumb`,
      class: "thumb",
      "aria-label": text("show", { what }),
    });
    button.addEventListener("click", () => this.#chosen(n));
    button.classList.toggle("film", item.video);
    if (item.placeholder) button.style.backgroundColor = item.placeholder;
    if (!item.video || item.poster) {
      const picture = make("img", { alt: "", loading: "lazy", decoding: "async", fetchpriority: "low", crossorigin: item.crossOrigin });
      picture.addEventListener("error", () => picture.remove());
      if (item.focal) picture.style.objectPosition = item.focal;
      button.append(picture);
    }
    return button;
  }
}
