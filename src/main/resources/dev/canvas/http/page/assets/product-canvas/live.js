// Change events in the frames of Vert.x's event-bus bridge, over a raw WebSocket. All galleries of a page share one
// socket per service. It is closed while the page is hidden.

const PING_INTERVAL = 25_000;
const MAX_RETRY_DELAY = 60_000;
const ADDRESS_PREFIX = "canvas.media.changed.";

const bridges = new Map();

/**
 * Follows the changes of a product.
 *
 * @param {string} base where the service is
 * @param {string} id the product
 * @param {function} listener called with each change, and first with the current state
 * @return {function} stops following
 */
export function follow(base, id, listener) {
  const url = new URL("eventbus/websocket", base);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  if (!bridges.has(url.href)) bridges.set(url.href, new Bridge(url.href));
  return bridges.get(url.href).follow(ADDRESS_PREFIX + id, listener);
}

class Bridge {
  #url;
  #socket = null;
  #failures = 0;
  #forbidden = false;
  #retryTimer;
  #pingTimer;
  #listeners = new Map();

  constructor(url) {
    this.#url = url;
    document.addEventListener("visibilitychange", () => this.#update());
    addEventListener("pagehide", () => this.#disconnect());
    addEventListener("pageshow", () => this.#update());
    addEventListener("online", () => this.#update());
    // The page's policy forbids the socket: retrying would not help, and would log an error each time.
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => (this.#forbidden ||= blockedURI === url));
  }

  follow(address, listener) {
    const listeners = this.#listeners.get(address) ?? new Set();
    // Registering again makes the service send the current state, which is new to this listener.
    if (listeners.size > 0) this.#send({ type: "unregister", address });
    this.#send({ type: "register", address });
    this.#listeners.set(address, listeners.add(listener));
    this.#update();
    return () => this.#unfollow(address, listener);
  }

  #unfollow(address, listener) {
    const listeners = this.#listeners.get(address);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(address);
    this.#send({ type: "unregister", address });
    if (this.#listeners.size === 0) this.#disconnect();
  }

  /** Connects if the page is visible and somebody listens; otherwise disconnects. */
  #update() {
    if (document.hidden || this.#forbidden || this.#listeners.size === 0) this.#disconnect();
    else if (!this.#socket) this.#connect();
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      return; // A page at https cannot connect to a service at http; retrying would not help.
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#onOpen());
    socket.addEventListener("message", ({ data }) => this.#onMessage(data));
    socket.addEventListener("close", () => socket === this.#socket && this.#onLost());
  }

  #onOpen() {
    this.#pingTimer = setInterval(() => this.#send({ type: "ping" }), PING_INTERVAL);
    // The service answers each with the current state, so no change is missed in between.
    for (const address of this.#listeners.keys()) this.#send({ type: "register", address });
  }

  #onMessage(data) {
    try {
      const frame = JSON.parse(typeof data === "string" ? data : new TextDecoder().decode(data));
      if (frame.type !== "rec") return;
      // Reset only now: a socket that is accepted and closed at once has failed too.
      this.#failures = 0;
      this.#listeners.get(frame.address)?.forEach((listener) => listener(frame.body));
    } catch {
      // Not a frame of the bridge: ignored.
    }
  }

  /** Reconnects with exponential backoff and jitter. */
  #onLost() {
    this.#disconnect();
    const delay = Math.min(MAX_RETRY_DELAY, 1_000 * 2 ** this.#failures++);
    this.#retryTimer = setTimeout(() => this.#update(), delay * (0.5 + Math.random() / 2));
  }

  #disconnect() {
    clearTimeout(this.#retryTimer);
    clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
