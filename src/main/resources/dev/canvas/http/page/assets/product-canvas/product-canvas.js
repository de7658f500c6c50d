// The gallery of a product: <product-canvas product-id="42" src="https://media.shop.example">. Its attributes,
// properties, methods, events and parts are described in docs/gallery.md.

import { ATTRIBUTES, isOn, reflectAttributes, upgradeProperties } from "./attributes.js";
import { make, isRightToLeft } from "./dom.js";
import { readAspect, readDocument, readItems, readRenditions } from "./media.js";
import { pausePlaying } from "./playback.js";
import { hasContent } from "./source.js";
import { Strip } from "./strip.js";
import { sharedStyles } from "./styles.js";
import { Supply } from "./supply.js";
import { TEXTS, text } from "./texts.js";
import { Viewer } from "./viewer.js";

/** From this width on, in rem, the gallery has columns. */
const GRID_MIN_WIDTH = 40;

/** Identifies a failed item. A new address gets a new key, because it may load. */
const failureKey = ({ key, url }) => `${key} ${url}`;

export class ProductCanvas extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ATTRIBUTES;
  static texts = TEXTS;

  #document = null;
  #items = [];
  #failed = new Set();
  #current = 0;
  #wanted = null;
  #ready = false;
  #slot = make("slot");
  #content = this.#slot;
  #supply = new Supply(this, {
    current: () => this.#document,
    updated: (...document) => this.#keepFocus(() => this.#show(...document)),
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
  #print = () => this.#strip.loadAll();

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sharedStyles()];
    // Shows the page's own content until the media are there.
    root.append(this.#slot, this.#viewer.element);
  }

  get document() {
    return this.#document;
  }

  set document(value) {
    const known = readDocument(value);
    this.#supply.cancel();
    if (known) this.#keepFocus(() => this.#show(known));
    else if (value !== null && value !== undefined)
      this.#documentFailed("Not a media document: expected an object with version and media, or its JSON", 0);
    else if (this.#document) this.#restart();
    else if (this.#ready) this.#supply.restart();
  }

  get items() {
    return structuredClone(this.#items);
  }

  get index() {
    return this.#viewer.isOpen ? this.#viewer.index : this.#strip.index;
  }

  set index(n) {
    if (this.#items.length === 0) this.#wanted = Number(n);
    else (this.#viewer.isOpen ? this.#viewer : this.#strip).goTo(Number(n));
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
    upgradeProperties(this);
    this.#resizeObserver.observe(this);
    addEventListener("beforeprint", this.#print);
    // The parser may not have reached the content of the tag yet.
    const start = () => this.#start();
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
    else queueMicrotask(start);
  }

  disconnectedCallback() {
    this.#resizeObserver.disconnect();
    removeEventListener("beforeprint", this.#print);
    this.#supply.stop();
    this.#viewer.close();
    this.#ready = false;
    if (this.shadowRoot.querySelector("video")) pausePlaying();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    // Frameworks write an object as this text before the element is defined; the property is what counts then.
    if (name === "document") return after === null || after === "[object Object]" || (this.document = after);
    if (!this.#ready) return;
    if (name === "product-id" && this.#document && String(this.#document.product_id) === this.#supply.productId)
      this.#supply.restart();
    else if (name === "product-id" || name === "src") this.#restart();
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
    if (this.#document) this.#load();
    else if (this.#supply.productId && !hasContent(this, this.#supply.productId)) this.#awaitMedia();
    this.#supply.start();
  }

  /** Begins anew, for another product or another service. */
  #restart() {
    this.#keepFocus(() => {
      this.#clear();
      if (this.#supply.productId) this.#awaitMedia();
      else this.#replaceContent(this.#slot);
    });
    this.#supply.restart();
  }

  /** Forgets the product: its items, its failures, and which of them was shown. */
  #clear() {
    this.#viewer.close();
    this.#document = null;
    this.#items = [];
    this.#failed.clear();
    this.#current = 0;
    this.#wanted = null;
    this.#strip.show([], false);
  }

  /** Reserves the space of the media that are being loaded. */
  #awaitMedia() {
    const busy = { role: "group", "aria-busy": "true", "aria-label": text("loading"), tabindex: "-1" };
    this.#replaceContent(make("div", { part: "loading", class: "loading", ...busy }));
    this.#updateLayout();
  }

  #show(known, cacheStatus = null, milliseconds = null) {
    const before = this.#items[this.index]?.key;
    if (this.#document && this.#document.product_id !== known.product_id) {
      const wanted = this.#wanted;
      this.#clear();
      this.#wanted = wanted;
    }
    this.#document = known;
    this.#items = readItems(known, this.#supply.base, isOn(this, "https-only"), this.getAttribute("crossorigin"));
    this.#failed = new Set(this.#items.map(failureKey).filter((key) => this.#failed.has(key)));
    this.#strip.element.setAttribute("aria-label", this.getAttribute("label") ?? text("gallery"));
    this.#strip.element.classList.toggle("rtl", isRightToLeft(this));
    // Added to the document first, because only there it can be measured.
    this.#replaceContent(
      this.#items.length > 0
        ? this.#strip.element
        : make("p", { part: "empty", class: "empty", tabindex: "-1" }, text("empty")),
    );
    this.#strip.show(this.#items, this.#isLeading);
    this.#load();
    this.#viewer.update(this.#items, this.#context);
    if (this.#wanted !== null && this.#items.length > 0) {
      this.#strip.select(this.#wanted);
      this.#wanted = null;
    }
    this.#emit("load", { document: known, total: this.#items.length, cacheStatus, milliseconds });
    this.#current = this.index;
    if (before && this.#items[this.index] && this.#items[this.index].key !== before)
      this.#emitItem("change", this.index);
  }

  /** Lays the items out and starts loading their files. */
  #load() {
    const { renditions, base } = this.#context;
    this.#updateLayout();
    this.#strip.load(renditions, base, this.getAttribute("sizes"));
  }

  /** Whether this is the first gallery of the page, whose first picture loads with priority. */
  get #isLeading() {
    const first = document.querySelector(this.localName);
    return first === this || first === null;
  }

  #replaceContent(content) {
    if (content === this.#content) return;
    this.#content.replaceWith(content);
    this.#content = content;
  }

  /** Makes a change. If the focus was in the gallery, it stays there. */
  #keepFocus(change) {
    const focused = this.shadowRoot.activeElement !== null;
    change();
    if (!focused || this.shadowRoot.activeElement !== null) return;
    if (this.#content === this.#strip.element) this.#strip.focusCurrent();
    else this.#content.focus({ preventScroll: true });
  }

  #updateLayout() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const ratio = readAspect(this);
    if (ratio) this.#content.style.setProperty("--_ratio", ratio);
    else this.#content.style.removeProperty("--_ratio");
    const width = this.clientWidth;
    // Hidden, it keeps its layout.
    if (width === 0 && this.#strip.element.dataset.layout) return;
    const { layout } = this;
    const chosen = layout === "strip" || layout === "grid";
    const roomy = width >= GRID_MIN_WIDTH * rem && !ratio;
    const columns = parseInt(getComputedStyle(this).getPropertyValue("--canvas-columns"), 10) || 2;
    const grid = roomy && this.#items.length > columns;
    this.#content.classList.toggle("roomy", roomy && layout !== "grid");
    this.#strip.element.classList.toggle("pairs", columns === 2);
    this.#strip.layout = chosen ? layout : grid ? "grid" : "strip";
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
    if (this.#document) return;
    const attributes = { part: "empty", class: "loading unavailable", role: "status", tabindex: "-1" };
    const content = hasContent(this, this.#supply.productId) ? this.#slot : make("p", attributes, text("unavailable"));
    this.#keepFocus(() => this.#replaceContent(content));
    this.#updateLayout();
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

reflectAttributes(ProductCanvas.prototype);

if (globalThis.customElements && !customElements.get("product-canvas"))
  customElements.define("product-canvas", ProductCanvas);
