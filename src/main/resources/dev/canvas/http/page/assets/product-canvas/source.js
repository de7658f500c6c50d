// Where a document comes from: the page itself, or the service.

import { readDocument } from "./media.js";

/** The problem that says that a product has no media; any other 404 comes from somebody else. */
const NO_PRODUCT = "urn:canvas:problem:product-not-found";

/** The timeout for reading a document, in milliseconds. */
const TIMEOUT = 15_000;

/** The document inlined in the element, or null if there is none for this product. */
export function inlinedIn(element, productId) {
  const script = documentScript(element);
  try {
    const inlined = script && readDocument(JSON.parse(script.textContent));
    return inlined && (!productId || String(inlined.product_id) === productId) ? inlined : null;
  } catch {
    return null;
  }
}

/** Whether the element has content of its own to show, and not that of another product. */
export function hasContent(element, productId) {
  const script = documentScript(element);
  if (script && productId && !inlinedIn(element, productId)) return false;
  return [...element.childNodes].some((node) =>
    node instanceof Element ? node.localName !== "script" : node instanceof Text && node.data.trim() !== "",
  );
}

function documentScript(element) {
  return element.querySelector(':scope > script[type="application/json"]');
}

/** Reads the document of a product from a service. A new read cancels the one before. */
export class Source {
  #pending = null;

  /** Cancels the read in progress. */
  cancel() {
    this.#pending?.abort();
    this.#pending = null;
  }

  /**
   * A missing product counts as one without media, with version 0.
   *
   * @return {Promise<?object>} `document`, `cacheStatus` and `milliseconds`; or `failure` and `status`; or null if it
   *   was cancelled
   */
  async read(base, productId) {
    this.cancel();
    const pending = (this.#pending = new AbortController());
    const timer = setTimeout(() => pending.abort(new Error("The service did not answer in time")), TIMEOUT);
    const started = performance.now();
    let status = 0;
    try {
      const url = new URL(`api/products/${encodeURIComponent(productId)}/media`, base);
      // The browser revalidates its cached copy by itself; a header set here would cause a CORS preflight.
      const response = await fetch(url, { cache: "no-cache", credentials: "omit", signal: pending.signal });
      ({ status } = response);
      const missing = { product_id: Number(productId), version: 0, media: [] };
      const body = response.ok || status === 404 ? await response.json().catch(() => null) : null;
      const document = response.ok ? readDocument(body) : body?.type === NO_PRODUCT ? missing : null;
      if (!document) throw new Error(`The service answered with status ${status} and no media document`);
      const cacheStatus = response.headers.get("cache-status");
      return pending === this.#pending
        ? { document, cacheStatus, milliseconds: Math.round(performance.now() - started) }
        : null;
    } catch (failure) {
      return pending === this.#pending ? { failure: failure.message, status } : null;
    } finally {
      clearTimeout(timer);
    }
  }
}
