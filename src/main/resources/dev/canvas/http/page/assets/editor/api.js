// Reads and writes a product's media through the API. Never throws: each result names its `outcome`.

import { sentence } from "./status.js";

export class Api {
  #path;
  #credential;

  /** @param credential returns the key or token for a write, or an empty string */
  constructor(productId, credential) {
    this.#path = `/api/products/${productId}/media`;
    this.#credential = credential;
  }

  /**
   * Reads the document. The outcome is `read`, `absent` if the product has no media, or `failed`. A document that is
   * unreadable in the store has no media, and no version that is known.
   */
  async read() {
    const answer = await this.#send("GET", {});
    if (/unreadable-media$/.test(answer.body?.type ?? "")) {
      return { outcome: "read", document: { version: undefined, media: null } };
    }
    switch (answer.status) {
      case 200:
        return { outcome: "read", document: answer.body };
      case 404:
        return { outcome: "absent", document: null };
      default:
        return failed(answer);
    }
  }

  /** Replaces the given version of the media; null if the product must have none, undefined for whatever it has. */
  write(media, version) {
    return this.#write("PUT", version, JSON.stringify({ media }));
  }

  /** Deletes all media, if the given version is still current. */
  remove(version) {
    return this.#write("DELETE", version);
  }

  async #write(method, version, body) {
    const headers = {};
    if (version !== undefined) {
      Object.assign(headers, version === null ? { "If-None-Match": "*" } : { "If-Match": `"${version}"` });
    }
    if (body) {
      headers["Content-Type"] = "application/json";
    }
    if (this.#credential()) {
      headers.Authorization = `Bearer ${this.#credential()}`;
    }
    const answer = await this.#send(method, headers, body);
    switch (answer.status) {
      case 200:
      case 201:
        return { outcome: "saved", document: answer.body };
      case 204:
        return { outcome: "deleted" };
      case 401:
      case 403:
        return { outcome: "refused", detail: said(answer) ?? "This key or token does not allow writing." };
      case 404:
      case 412:
        return { outcome: "conflict" };
      case 422:
        return { outcome: "invalid", errors: answer.body?.errors ?? [], detail: said(answer) };
      default:
        return failed(answer);
    }
  }

  async #send(method, headers, body) {
    try {
      const response = await fetch(this.#path, { method, headers, body, cache: "no-store" });
      const json = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
      return { status: response.status, body: json ? await response.json() : null };
    } catch {
      return { status: 0, body: null };
    }
  }
}

/** What the service says of its answer, if anything. */
function said({ body }) {
  return body?.detail ? sentence(body.detail) : undefined;
}

function failed(answer) {
  const { status, body } = answer;
  const detail =
    said(answer) ?? (status === 0 ? "The service cannot be reached." : `The service answered with status ${status}.`);
  const offline = status === 0;
  return { outcome: "failed", detail, offline, unknown: offline || /outcome-unknown$/.test(body?.type ?? "") };
}
