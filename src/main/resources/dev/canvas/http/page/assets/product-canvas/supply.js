import { isOn } from "./attributes.js";
import { follow } from "./live.js";
import { Source, inlinedIn } from "./source.js";

/** The wait before a failed read is repeated; it doubles up to the maximum. In milliseconds. */
const FIRST_WAIT = 1_000;
const MAX_WAIT = 60_000;

/**
 * Supplies an element with the document of its product: inlined in the page, read from the service, and after
 * changes. A read that failed is repeated after growing waits, and when the browser is online or the page visible again.
 */
export class Supply {
  #element;
  #current;
  #updated;
  #failed;
  #source = new Source();
  #unfollow = null;
  #catchingUp = false;
  #missed = false;
  #failures = 0;
  #timer;
  #readAgain = () => this.#failures > 0 && !document.hidden && this.#read(true);

  /**
   * @param {HTMLElement} element its attributes name the service and the product
   * @param {{current: function, updated: function, failed: function}} listeners `current` returns the document shown,
   *   or null; `updated` is called with a newer one, `failed` with a message and a status
   */
  constructor(element, { current, updated, failed }) {
    this.#element = element;
    this.#current = current;
    this.#updated = updated;
    this.#failed = failed;
  }

  /** The address of the service, with a trailing slash; null if `src` is not a valid address. */
  get base() {
    const src = this.#element.getAttribute("src") || new URL(import.meta.url).origin;
    if (!URL.canParse(src, document.baseURI)) return null;
    const base = new URL(src, document.baseURI);
    base.pathname = base.pathname.replace(/\/?$/, "/");
    return base.href;
  }

  /** The product, or an empty text. */
  get productId() {
    return this.#element.getAttribute("product-id")?.trim() ?? "";
  }

  /** Starts with the document shown or the inlined one; without either, reads it from the service. */
  start() {
    addEventListener("online", this.#readAgain);
    document.addEventListener("visibilitychange", this.#readAgain);
    this.restart();
  }

  /** Starts again after the service or the product has changed. */
  restart() {
    this.cancel();
    const inlined = this.#current() ? null : inlinedIn(this.#element, this.productId);
    if (inlined) this.#updated(inlined);
    else if (!this.#current() && this.productId) this.reload();
    this.follow();
  }

  /** Reads the document again; the current one stays until then. */
  reload() {
    return this.#read(false);
  }

  /** @param {boolean} repeated whether this repeats a failed read; then another failure is no news */
  async #read(repeated) {
    clearTimeout(this.#timer);
    if (!this.base) {
      this.#failed("The attribute src is not a valid address: expected one such as https://media.shop.example", 0);
      return;
    }
    const result = await this.#source.read(this.base, this.productId);
    if (!result) return;
    if (result.failure) {
      this.#waitAndRead(result.status);
      if (!repeated) this.#failed(result.failure, result.status);
      return;
    }
    this.#failures = 0;
    if (this.#isNewer(result.document)) this.#updated(result.document, result.cacheStatus, result.milliseconds);
  }

  /** Repeats a read that failed, unless the answer says that the request is wrong. */
  #waitAndRead(status) {
    const wait = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    const passing = status === 0 || status === 408 || status === 429 || status >= 500;
    if (passing) this.#timer = setTimeout(this.#readAgain, wait * (0.5 + Math.random() / 2));
  }

  /** Follows changes if the element is `live`. */
  follow() {
    this.#unfollow?.();
    this.#unfollow = null;
    if (!isOn(this.#element, "live") || !this.base || !/^\d+$/.test(this.productId)) return;
    this.#unfollow = follow(this.base, this.productId, ({ version, change }) => {
      const shown = this.#current()?.version ?? -1;
      if (version > shown || (change === "delete" && version === 0 && shown > 0)) this.#catchUp();
    });
  }

  /** Cancels the read in progress, and that of a failed one again. */
  cancel() {
    this.#source.cancel();
    clearTimeout(this.#timer);
    this.#failures = 0;
  }

  stop() {
    removeEventListener("online", this.#readAgain);
    document.removeEventListener("visibilitychange", this.#readAgain);
    this.cancel();
    this.#unfollow?.();
    this.#unfollow = null;
  }

  /**
   * Reads once at a time, and once more if changes came meanwhile. Cancelling instead would starve a product that
   * changes often.
   */
  async #catchUp() {
    this.#missed = true;
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    while (this.#missed) {
      this.#missed = false;
      await this.reload();
    }
    this.#catchingUp = false;
  }

  /** A response may be older than the document shown. */
  #isNewer({ product_id, version }) {
    const shown = this.#current();
    return !shown || shown.product_id !== product_id || version > shown.version || (version === 0 && shown.version > 0);
  }
}
