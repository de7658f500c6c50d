// The gallery of a product: <product-canvas product-id="42" src="https://media.shop.example">. Its attributes,
// properties, methods, events and parts are described in docs/gallery.md.

import { make, isRightToLeft } from "./dom.js";
import { readDocument, readItems, readRenditions } from "./media.js";
import { pausePlaying } from "./playback.js";
import { hasContent } from "./source.js";
import { Strip } from "./strip.js";
import { STYLES } from "./styles.js";
import { Supply } from "./supply.js";
import { TEXTS, text } from "./texts.js";
import { Viewer } from "./viewer.js";

/** From this width on, in rem, the gallery has columns. */
const GRID_MIN_WIDTH = 40;

/** Identifies a failed item. A new address gets a new key, because it may load. */
const failureKey = ({ key, url }) => `${key} ${url}`;

const STYLE_SHEET = new CSSStyleSheet();
STYLE_SHEET.replaceSync(STYLES);

export class ProductCanvas extends HTMLElement {
  static observedAttributes = [
    "product-id",
    "src",
    "live",
    "renditions",
    "widths",
    "sizes",
    "layout",
    "label",
    "https-only",
  ];
  static texts = TEXTS;

  #document = null;
  #items = [];
  #failed = new Set();
  #current = 0;
  #ready = false;
  #supply = new Supply(this, {
    current: () => this.#document,
    updated: (...document) => this.#show(...document),
    failed: (message, status) => this.#documentFailed(message, status),
  });
  #strip = new Strip({
    changed: (n) => this.#changed(n),
    opened: (n) => this.open(n),
    failed: (item) => this.#mediaFailed(item),
  });
  #viewer = new Viewer({
    changed: (n) => this.#changed(n),
    closed: (n) => this.#closed(n),
    failed: (item) => this.#mediaFailed(item),
    isFailed: (item) => this.#failed.has(failureKey(item)),
  });
  #resizeObserver = new ResizeObserver(() => this.#updateLayout());

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE_SHEET];
    // Shows the page's own content until the media are there.
    root.append(make("slot"));
  }

  get document() {
    return this.#document;
  }

  set document(value) {
    this.#supply.cancel();
    const known = readDocument(value);
    if (known) this.#show(known);
    else this.#documentFailed("Not a media document: expected an object with version and media", 0);
  }

  get items() {
    return structuredClone(this.#items);
  }

  get index() {
    return this.#viewer.isOpen ? this.#viewer.index : this.#strip.index;
  }

  set index(n) {
    (this.#viewer.isOpen ? this.#viewer : this.#strip).goTo(Number(n));
  }

  next() {
    this.index = this.index + 1;
  }

  previous() {
    this.index = this.index - 1;
  }

  /** Opens full screen, unless a listener of `canvas:open` prevents it. */
  open(index = this.index) {
    if (!this.#items[index] || this.#viewer.isOpen || this.#failed.has(failureKey(this.#items[index]))) return;
    if (this.#emitItem("open", index, { cancelable: true })) this.#viewer.open(this.#items, index, this.#context);
  }

  close() {
    this.#viewer.close();
  }

  /** Reads the media again; the current ones stay until then. */
  reload() {
    return this.#supply.reload();
  }

  connectedCallback() {
    this.#resizeObserver.observe(this);
    // The parser may not have reached the content of the tag yet.
    const start = () => this.#start();
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
    else queueMicrotask(start);
  }

  disconnectedCallback() {
    this.#resizeObserver.disconnect();
    this.#supply.stop();
    this.#viewer.close();
    this.#ready = false;
    if (this.shadowRoot.querySelector("video")) pausePlaying();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#ready || before === after) return;
    if (name === "product-id" || name === "src") this.#restart();
    else if (name === "live") this.#supply.follow();
    else if (name === "layout") this.#updateLayout();
    else if (this.#document) this.#show(this.#document);
  }

  get #context() {
    const renditions = readRenditions(this.getAttribute("renditions"), this.getAttribute("widths"));
    return { renditions, base: this.#supply.base };
  }

  #start() {
    if (this.#ready || !this.isConnected) return;
    this.#ready = true;
    this.#supply.start();
  }

  #restart() {
    this.#document = null;
    this.#failed.clear();
    this.#supply.restart();
  }

  #show(known, cacheStatus = null, milliseconds = null) {
    const before = this.#items[this.index]?.key;
    this.#document = known;
    this.#items = readItems(known, this.#supply.base, this.hasAttribute("https-only"));
    this.#failed = new Set(this.#items.map(failureKey).filter((key) => this.#failed.has(key)));
    const { renditions, base } = this.#context;
    this.#strip.element.setAttribute("aria-label", this.getAttribute("label") ?? text("gallery"));
    this.#strip.element.classList.toggle("rtl", isRightToLeft(this));
    // Added to the document first, because only there it can be measured.
    this.#replaceContent(
      this.#items.length > 0 ? this.#strip.element : make("p", { part: "empty", class: "empty" }, text("empty")),
    );
    this.#updateLayout();
    this.#strip.show(this.#items);
    this.#strip.load(renditions, base, this.getAttribute("sizes"));
    this.#viewer.update(this.#items, this.#context);
    this.#emit("load", { document: known, total: this.#items.length, cacheStatus, milliseconds });
    this.#current = this.index;
    if (before && this.#items[this.index] && this.#items[this.index].key !== before)
      this.#emitItem("change", this.index);
  }

  #replaceContent(content) {
    if (content.parentNode !== this.shadowRoot) this.shadowRoot.replaceChildren(content, this.#viewer.element);
  }

  #updateLayout() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const chosen = this.getAttribute("layout");
    const wide = this.clientWidth >= GRID_MIN_WIDTH * rem;
    this.#strip.layout = chosen === "strip" || chosen === "grid" ? chosen : wide ? "grid" : "strip";
    this.#strip.resize(this.getAttribute("sizes"));
  }

  #changed(n) {
    if (n === this.#current) return;
    this.#current = n;
    this.#emitItem("change", n);
  }

  #mediaFailed(item) {
    if (this.#failed.has(failureKey(item))) return;
    this.#failed.add(failureKey(item));
    const index = this.#items.findIndex(({ key }) => key === item.key);
    const kind = item.video ? "video" : "picture";
    this.#emit("error", { kind, message: `${item.url} could not be loaded`, status: 0, index, item });
  }

  #documentFailed(message, status) {
    this.#emit("error", { kind: "document", message, status, index: null, item: null });
    if (this.#document || hasContent(this)) return;
    this.#replaceContent(make("p", { part: "empty", class: "empty", role: "status" }, text("unavailable")));
  }

  #closed(n) {
    this.#strip.focus(n);
    this.#emitItem("close", n);
  }

  #emitItem(name, index, options) {
    return this.#emit(name, { index, item: structuredClone(this.#items[index]), total: this.#items.length }, options);
  }

  #emit(name, detail, options) {
    return this.dispatchEvent(new CustomEvent(`canvas:${name}`, { detail, bubbles: true, composed: true, ...options }));
  }
}

if (!customElements.get("product-canvas")) customElements.define("product-canvas", ProductCanvas);
