// The gallery of a product: <product-canvas product-id="42" src="https://media.shop.example">. What it has for a page,
// attributes, properties, events, parts, is in the README of Canvas under "On your page".

import { make, isRightToLeft } from "./dom.js";
import { readDocument, readItems, readRenditions } from "./media.js";
import { hush } from "./playback.js";
import { hasContent } from "./source.js";
import { Strip } from "./strip.js";
import { STYLES } from "./styles.js";
import { Supply } from "./supply.js";
import { TEXTS, text } from "./texts.js";
import { Viewer } from "./viewer.js";

/** From this width on, in rem, there is room for columns. */
const ROOM = 40;

/** What a failure is remembered by: an item with another address may load. */
const traceOf = ({ key, url }) => `${key} ${url}`;

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLES);

export class ProductCanvas extends HTMLElement {
  static observedAttributes = ["product-id", "src", "live", "renditions", "widths", "sizes", "layout", "label", "https-only"];
  static texts = TEXTS;

  #document = null;
  #items = [];
  #failed = new Set();
  #current = 0;
  #ready = false;
  #supply = new Supply(this, {
    shown: () => this.#document,
    arrived: (...document) => this.#show(...document),
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
    isFailed: (item) => this.#failed.has(traceOf(item)),
  });
  #measured = new ResizeObserver(() => this.#measure());

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    // What the page has itself is shown until the media are there.
    root.append(make("slot"));
  }

  get document() {
    return this.#document;
  }

  set document(value) {
    this.#supply.cancel();
    const known = readDocument(value);
    if (known) this.#show(known);
    else this.#documentFailed("What was set is no media document: expected version and media", 0);
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
    if (!this.#items[index] || this.#viewer.isOpen || this.#failed.has(traceOf(this.#items[index]))) return;
    if (this.#tell("open", index, { cancelable: true })) this.#viewer.open(this.#items, index, this.#context);
  }

  close() {
    this.#viewer.close();
  }

  /** Asks for the media anew; what is shown stays until they are there. */
  reload() {
    return this.#supply.reload();
  }

  connectedCallback() {
    this.#measured.observe(this);
    // A parser may be still on its way to what stands inside the tag.
    const begin = () => this.#begin();
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
    else queueMicrotask(begin);
  }

  disconnectedCallback() {
    this.#measured.disconnect();
    this.#supply.end();
    this.#viewer.close();
    this.#ready = false;
    if (this.shadowRoot.querySelector("video")) hush();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#ready || before === after) return;
    if (name === "product-id" || name === "src") this.#restart();
    else if (name === "live") this.#supply.follow();
    else if (name === "layout") this.#measure();
    else if (this.#document) this.#show(this.#document);
  }

  get #context() {
    const renditions = readRenditions(this.getAttribute("renditions"), this.getAttribute("widths"));
    return { renditions, base: this.#supply.base };
  }

  #begin() {
    if (this.#ready || !this.isConnected) return;
    this.#ready = true;
    this.#supply.begin();
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
    this.#failed = new Set(this.#items.map(traceOf).filter((trace) => this.#failed.has(trace)));
    const { renditions, base } = this.#context;
    this.#strip.element.setAttribute("aria-label", this.getAttribute("label") ?? text("gallery"));
    this.#strip.element.classList.toggle("rtl", isRightToLeft(this));
    // In the document first, as only there it can be measured.
    this.#put(this.#items.length > 0 ? this.#strip.element : make("p", { part: "empty", class: "empty" }, text("empty")));
    this.#measure();
    this.#strip.show(this.#items);
    this.#strip.load(renditions, base, this.getAttribute("sizes"));
    this.#viewer.update(this.#items, this.#context);
    this.#emit("load", { document: known, total: this.#items.length, cacheStatus, milliseconds });
    this.#current = this.index;
    if (before && this.#items[this.index] && this.#items[this.index].key !== before) this.#tell("change", this.index);
  }

  #put(shown) {
    if (shown.parentNode !== this.shadowRoot) this.shadowRoot.replaceChildren(shown, this.#viewer.element);
  }

  #measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const chosen = this.getAttribute("layout");
    const roomy = this.clientWidth >= ROOM * rem;
    this.#strip.layout = chosen === "strip" || chosen === "grid" ? chosen : roomy ? "grid" : "strip";
    this.#strip.resize(this.getAttribute("sizes"));
  }

  #changed(n) {
    if (n === this.#current) return;
    this.#current = n;
    this.#tell("change", n);
  }

  #mediaFailed(item) {
    if (this.#failed.has(traceOf(item))) return;
    this.#failed.add(traceOf(item));
    const index = this.#items.findIndex(({ key }) => key === item.key);
    const kind = item.video ? "video" : "picture";
    this.#emit("error", { kind, message: `${item.url} could not be loaded`, status: 0, index, item });
  }

  #documentFailed(message, status) {
    this.#emit("error", { kind: "document", message, status, index: null, item: null });
    if (this.#document || hasContent(this)) return;
    this.#put(make("p", { part: "empty", class: "empty", role: "status" }, text("unavailable")));
  }

  #closed(n) {
    this.#strip.focus(n);
    this.#tell("close", n);
  }

  #tell(what, index, options) {
    return this.#emit(what, { index, item: structuredClone(this.#items[index]), total: this.#items.length }, options);
  }

  #emit(what, detail, options) {
    return this.dispatchEvent(new CustomEvent(`canvas:${what}`, { detail, bubbles: true, composed: true, ...options }));
  }
}

if (!customElements.get("product-canvas")) customElements.define("product-canvas", ProductCanvas);
