// The gallery of a product: <product-canvas product-id="42" src="https://media.shop.example">. What it has for a page,
// attributes, properties, events, parts, is in the README of Canvas under "On your page".

import { make, isRightToLeft } from "./dom.js";
import { follow } from "./live.js";
import { readDocument, readItems, readRenditions } from "./media.js";
import { hush } from "./playback.js";
import { Strip } from "./strip.js";
import { STYLES } from "./styles.js";
import { TEXTS, text } from "./texts.js";
import { Viewer } from "./viewer.js";

/** The longest that a document is waited for, in milliseconds. */
const PATIENCE = 15_000;

/** From this width on, in rem, there is room for columns. */
const ROOM = 40;

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLES);

export class ProductCanvas extends HTMLElement {
  static observedAttributes = ["product-id", "src", "live", "renditions", "widths", "sizes", "layout", "label"];
  static texts = TEXTS;

  #document = null;
  #items = [];
  #failed = new Set();
  #asked = null;
  #ready = false;
  #unfollow = null;
  #strip = new Strip({
    changed: (n) => this.#tell("change", n),
    opened: (n) => this.open(n),
    failed: (item) => this.#mediaFailed(item),
  });
  #viewer = new Viewer({
    changed: (n) => this.#viewer.isOpen && this.#tell("change", n),
    closed: (n) => this.#closed(n),
    failed: (item) => this.#mediaFailed(item),
    isFailed: (item) => this.#failed.has(item.key),
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
    this.#asked?.abort();
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
    this.#strip.goTo(Number(n));
  }

  next() {
    this.index = this.index + 1;
  }

  previous() {
    this.index = this.index - 1;
  }

  /** Opens full screen, unless a listener of `canvas:open` prevents it. */
  open(index = this.index) {
    if (!this.#items[index] || this.#viewer.isOpen || this.#failed.has(this.#items[index].key)) return;
    if (this.#tell("open", index, { cancelable: true })) this.#viewer.open(this.#items, index, this.#context);
  }

  close() {
    this.#viewer.close();
  }

  /** Asks for the media anew; what is shown stays until they are there. */
  async reload() {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const late = setTimeout(() => asked.abort("late"), PATIENCE);
    const began = performance.now();
    let status = 0;
    try {
      const url = new URL(`api/products/${encodeURIComponent(this.#productId)}/media`, this.#base);
      // The browser sends the entity tag of what it has; a header of our own would have it ask for permission first.
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit", signal: asked.signal });
      ({ status } = answer);
      const known = status === 404 ? { product_id: Number(this.#productId), version: 0, media: [] } : readDocument(await answer.json());
      if (!known || (!answer.ok && status !== 404)) throw new Error(`The service answered with ${status}`);
      if (asked !== this.#asked) return;
      const cacheStatus = answer.headers.get("cache-status");
      if (this.#isNews(known)) this.#show(known, cacheStatus, Math.round(performance.now() - began));
    } catch (failure) {
      if (asked === this.#asked && (!asked.signal.aborted || asked.signal.reason === "late")) {
        this.#documentFailed(failure?.message ?? "The service did not answer in time", status);
      }
    } finally {
      clearTimeout(late);
    }
  }

  connectedCallback() {
    this.#measured.observe(this);
    // A parser may be still on its way to what stands inside the tag.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#begin(), { once: true });
    else queueMicrotask(() => this.#begin());
  }

  disconnectedCallback() {
    this.#measured.disconnect();
    this.#asked?.abort();
    this.#viewer.close();
    this.#ready = false;
    this.#follow();
    if (this.shadowRoot.querySelector("video")) hush();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#ready || before === after) return;
    if (name === "product-id" || name === "src") this.#restart();
    else if (name === "live") this.#follow();
    else if (name === "layout") this.#measure();
    else if (this.#document) this.#show(this.#document);
  }

  get #productId() {
    return this.getAttribute("product-id")?.trim() ?? "";
  }

  /** Where the service is: an address that ends with a slash. */
  get #base() {
    const base = new URL(this.getAttribute("src") || new URL(import.meta.url).origin, document.baseURI);
    base.pathname = base.pathname.replace(/\/?$/, "/");
    return base.href;
  }

  get #context() {
    return { renditions: readRenditions(this.getAttribute("renditions"), this.getAttribute("widths")), base: this.#base };
  }

  #begin() {
    if (this.#ready || !this.isConnected) return;
    this.#ready = true;
    const inlined = this.#document ?? this.#inlined();
    if (inlined) this.#show(inlined);
    else if (this.#productId) this.reload();
    this.#follow();
  }

  #restart() {
    this.#document = null;
    this.#failed.clear();
    if (this.#productId) this.reload();
    this.#follow();
  }

  /** The document that the page brought along, if it is one of this product. */
  #inlined() {
    const script = this.querySelector(':scope > script[type="application/json"]');
    try {
      const known = script && readDocument(JSON.parse(script.textContent));
      return known && (!this.#productId || String(known.product_id) === this.#productId) ? known : null;
    } catch {
      return null;
    }
  }

  #isNews(known) {
    const shown = this.#document;
    return !shown || shown.product_id !== known.product_id || known.version > shown.version || (known.version === 0 && shown.version > 0);
  }

  #show(known, cacheStatus = null, milliseconds = null) {
    this.#document = known;
    this.#items = readItems(known, this.#base);
    this.#failed = new Set(this.#items.map(({ key }) => key).filter((key) => this.#failed.has(key)));
    const { renditions, base } = this.#context;
    this.#strip.element.setAttribute("aria-label", this.getAttribute("label") ?? text("gallery"));
    this.#strip.element.classList.toggle("rtl", isRightToLeft(this));
    const shown = this.#items.length > 0 ? this.#strip.element : make("p", { part: "empty", class: "empty" }, text("empty"));
    // In the document first, as only there it can be measured.
    if (shown.parentNode !== this.shadowRoot) this.shadowRoot.replaceChildren(shown, this.#viewer.element);
    this.#measure();
    this.#strip.show(this.#items);
    this.#strip.load(renditions, base, this.getAttribute("sizes"));
    this.#viewer.update(this.#items, this.#context);
    this.#emit("load", { document: known, total: this.#items.length, cacheStatus, milliseconds });
  }

  #measure() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const chosen = this.getAttribute("layout");
    const roomy = this.clientWidth >= ROOM * rem;
    this.#strip.layout = chosen === "strip" || chosen === "grid" ? chosen : roomy ? "grid" : "strip";
    this.#strip.resize(this.getAttribute("sizes"));
  }

  #follow() {
    this.#unfollow?.();
    this.#unfollow = null;
    if (!this.hasAttribute("live") || !this.#ready || !/^\d+$/.test(this.#productId)) return;
    try {
      this.#unfollow = follow(this.#base, this.#productId, ({ version, change }) => {
        const shown = this.#document?.version ?? -1;
        if (version > shown || (change === "delete" && version === 0 && shown > 0)) this.reload();
      });
    } catch {
      // No address that a service could have: told where the document is asked for.
    }
  }

  #mediaFailed(item) {
    if (this.#failed.has(item.key)) return;
    this.#failed.add(item.key);
    const index = this.#items.findIndex(({ key }) => key === item.key);
    this.#emit("error", { kind: item.type === "video" ? "video" : "picture", message: `${item.url} could not be loaded`, status: 0, index, item });
  }

  #documentFailed(message, status) {
    this.#emit("error", { kind: "document", message, status, index: null, item: null });
    const bare = !this.#document && ![...this.childNodes].some((node) => node.nodeName !== "SCRIPT" && node.textContent.trim() + node.nodeName !== "#text");
    if (bare) this.shadowRoot.replaceChildren(make("p", { part: "empty", class: "empty", role: "status" }, text("unavailable")), this.#viewer.element);
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
