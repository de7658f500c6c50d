import { follow } from "./live.js";
import { Source, inlinedIn } from "./source.js";

/**
 * Supplies an element with the document of its product: inlined in the page, read from the service, and after
 * changes.
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

  get #productId() {
    return this.#element.getAttribute("product-id")?.trim() ?? "";
  }

  /** Starts with the document shown or the inlined one; without either, reads it from the service. */
  start() {
    const inlined = this.#current() ?? inlinedIn(this.#element, this.#productId);
    if (inlined) this.#updated(inlined);
    else this.#readOrCancel();
    this.follow();
  }

  /** Reads again after the service or the product has changed. */
  restart() {
    this.#readOrCancel();
    this.follow();
  }

  #readOrCancel() {
    return this.#productId ? this.reload() : this.cancel();
  }

  /** Reads the document again; the current one stays until then. */
  async reload() {
    if (!this.base) {
      this.#failed("The attribute src is not a valid address: expected one such as https://media.shop.example", 0);
      return;
    }
    const result = await this.#source.read(this.base, this.#productId);
    if (result?.failure) this.#failed(result.failure, result.status);
    else if (result && this.#isNewer(result.document))
      this.#updated(result.document, result.cacheStatus, result.milliseconds);
  }

  /** Follows changes if the element is `live`. */
  follow() {
    this.#unfollow?.();
    this.#unfollow = null;
    if (!this.#element.hasAttribute("live") || !this.base || !/^\d+$/.test(this.#productId)) return;
    this.#unfollow = follow(this.base, this.#productId, ({ version, change }) => {
      const shown = this.#current()?.version ?? -1;
      if (version > shown || (change === "delete" && version === 0 && shown > 0)) this.#catchUp();
    });
  }

  /** Cancels the read in progress. */
  cancel() {
    this.#source.cancel();
  }

  stop() {
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
