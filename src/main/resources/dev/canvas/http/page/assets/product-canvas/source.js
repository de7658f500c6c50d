// Where a document comes from: the page itself, or the service.

import { readDocument } from "./media.js";

/** The longest that a document is waited for, in milliseconds. */
const PATIENCE = 15_000;

/** The document that the page brought along in an element, if it is one of this product; else null. */
export function inlinedIn(element, productId) {
  const script = element.querySelector(':scope > script[type="application/json"]');
  try {
    const known = script && readDocument(JSON.parse(script.textContent));
    return known && (!productId || String(known.product_id) === productId) ? known : null;
  } catch {
    return null;
  }
}

/** Whether an element has something of its own to show. */
export function hasContent(element) {
  return element.textContent.trim() !== "" || element.querySelector(":scope > :not(script)") !== null;
}

/** Asks a service for the document of a product; one answer is waited for, and only the last one asked for counts. */
export class Source {
  #asked = null;

  /** Nobody waits for an answer any more. */
  cancel() {
    this.#asked?.abort();
    this.#asked = null;
  }

  /**
   * @return {Promise<?object>} `known`, `cacheStatus` and `milliseconds`; or `failure` and `status`; null where another was
   *   asked meanwhile. A product that is not there is one without media, of version 0.
   */
  async ask(base, productId) {
    this.cancel();
    const asked = (this.#asked = new AbortController());
    const late = setTimeout(() => asked.abort(new Error("The service did not answer in time")), PATIENCE);
    const began = performance.now();
    let status = 0;
    try {
      const url = new URL(`api/products/${encodeURIComponent(productId)}/media`, base);
      // The browser sends the entity tag of what it has; a header of our own would have it ask for permission first.
      const answer = await fetch(url, { cache: "no-cache", credentials: "omit", signal: asked.signal });
      ({ status } = answer);
      const missing = { product_id: Number(productId), version: 0, media: [] };
      const known = status === 404 ? missing : answer.ok ? readDocument(await answer.json()) : null;
      if (!known) throw new Error(`The service answered with ${status} and no media document`);
      const cacheStatus = answer.headers.get("cache-status");
      return asked === this.#asked ? { known, cacheStatus, milliseconds: Math.round(performance.now() - began) } : null;
    } catch (failure) {
      return asked === this.#asked ? { failure: failure.message, status } : null;
    } finally {
      clearTimeout(late);
    }
  }
}
