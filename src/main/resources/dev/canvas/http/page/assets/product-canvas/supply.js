import { follow } from "./live.js";
import { Source, inlinedIn } from "./source.js";

/** Supplies an element with the document of its product: what the page brought along, what the service says, what changes. */
export class Supply {
  #element;
  #shown;
  #arrived;
  #failed;
  #source = new Source();
  #unfollow = null;
  #catchingUp = false;
  #missed = false;

  /**
   * @param {HTMLElement} element whose attributes say what is wanted
   * @param {{shown: function, arrived: function, failed: function}} listeners: `shown` tells the document that is shown, or
   *   null; `arrived` is called with a newer one, `failed` with a message and a status
   */
  constructor(element, { shown, arrived, failed }) {
    this.#element = element;
    this.#shown = shown;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  /** Where the service is: an address that ends with a slash; or null where `src` is none. */
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

  /** Begins with what is shown already, or with what the page brought along, or asks. */
  begin() {
    const inlined = this.#shown() ?? inlinedIn(this.#element, this.#productId);
    if (inlined) this.#arrived(inlined);
    else this.ask();
    this.follow();
  }

  /** What it was to be of has changed. */
  restart() {
    this.ask();
    this.follow();
  }

  ask() {
    return this.#productId ? this.reload() : this.cancel();
  }

  /** Asks for the document anew; what is shown stays until it is there. */
  async reload() {
    if (!this.base) {
      this.#failed("The attribute src is no address: expected one such as https://media.shop.example", 0);
      return;
    }
    const answer = await this.#source.ask(this.base, this.#productId);
    if (answer?.failure) this.#failed(answer.failure, answer.status);
    else if (answer && this.#isNews(answer.known)) this.#arrived(answer.known, answer.cacheStatus, answer.milliseconds);
  }

  /** Listens to changes where the element is `live`. */
  follow() {
    this.#unfollow?.();
    this.#unfollow = null;
    if (!this.#element.hasAttribute("live") || !this.base || !/^\d+$/.test(this.#productId)) return;
    this.#unfollow = follow(this.base, this.#productId, ({ version, change }) => {
      const shown = this.#shown()?.version ?? -1;
      if (version > shown || (change === "delete" && version === 0 && shown > 0)) this.#catchUp();
    });
  }

  /** Nobody waits for an answer any more. */
  cancel() {
    this.#source.cancel();
  }

  end() {
    this.cancel();
    this.#unfollow?.();
    this.#unfollow = null;
  }

  /** One answer is waited for, however many changes come meanwhile, and then another: else who changes often is never shown. */
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

  /** An answer may be older than what a change has brought meanwhile. */
  #isNews({ product_id, version }) {
    const shown = this.#shown();
    return !shown || shown.product_id !== product_id || version > shown.version || (version === 0 && shown.version > 0);
  }
}
