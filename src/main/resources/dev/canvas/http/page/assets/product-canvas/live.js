// The events of changes, over Vert.x's event-bus bridge: its frames, on a raw WebSocket. One socket a service serves all
// galleries of a page, and none while nobody sees the page.

const PING = 25_000;
const LONGEST_PAUSE = 60_000;
const ADDRESS = "canvas.media.changed.";

const bridges = new Map();

/**
 * Listens to the changes of a product.
 *
 * @param {string} base where the service is
 * @param {string} id the product
 * @param {function} told called with each change, and with the state as it is when listening has begun
 * @return {function} ends it
 */
export function follow(base, id, told) {
  const url = new URL("eventbus/websocket", base);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  if (!bridges.has(url.href)) bridges.set(url.href, new Bridge(url.href));
  return bridges.get(url.href).follow(ADDRESS + id, told);
}

class Bridge {
  #url;
  #socket = null;
  #failures = 0;
  #forbidden = false;
  #timer;
  #pings;
  #followers = new Map();

  constructor(url) {
    this.#url = url;
    document.addEventListener("visibilitychange", () => this.#attend());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", () => this.#attend());
    addEventListener("online", () => this.#attend());
    // The page's own policy forbids it: nothing that would change, and each attempt would be told in the console.
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => (this.#forbidden ||= blockedURI === url));
  }

  follow(address, told) {
    const followers = this.#followers.get(address) ?? new Set();
    // Registered anew, the service tells the state again: to this one it is news.
    if (followers.size > 0) this.#send({ type: "unregister", address });
    this.#send({ type: "register", address });
    this.#followers.set(address, followers.add(told));
    this.#attend();
    return () => this.#unfollow(address, told);
  }

  #unfollow(address, told) {
    const followers = this.#followers.get(address);
    if (!followers?.delete(told) || followers.size > 0) return;
    this.#followers.delete(address);
    this.#send({ type: "unregister", address });
    if (this.#followers.size === 0) this.#leave();
  }

  /** Connects where somebody looks, else leaves. */
  #attend() {
    if (document.hidden || this.#forbidden || this.#followers.size === 0) this.#leave();
    else if (!this.#socket) this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      return; // Of a page at https, to a service at http: nothing that would change.
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", ({ data }) => this.#heard(data));
    socket.addEventListener("close", () => socket === this.#socket && this.#lost());
  }

  #opened() {
    this.#pings = setInterval(() => this.#send({ type: "ping" }), PING);
    // The service answers each with the state as it is, so that nothing is missed between.
    for (const address of this.#followers.keys()) this.#send({ type: "register", address });
  }

  #heard(data) {
    try {
      const frame = JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data));
      if (frame.type !== "rec") return;
      // Only now: one that is let in and sent away at once has failed as well.
      this.#failures = 0;
      this.#followers.get(frame.address)?.forEach((told) => told(frame.body));
    } catch {
      // Not a frame of the bridge.
    }
  }

  /** Tries again after a pause that doubles, somewhere in its second half. */
  #lost() {
    this.#leave();
    const pause = Math.min(LONGEST_PAUSE, 1_000 * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.#attend(), pause * (0.5 + Math.random() / 2));
  }

  #leave() {
    clearTimeout(this.#timer);
    clearInterval(this.#pings);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
