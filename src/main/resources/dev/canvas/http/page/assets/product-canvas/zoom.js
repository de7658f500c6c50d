import { isRightToLeft } from "./dom.js";

const MAX_SCALE = 5;
const DOUBLE_TAP_SCALE = 2.5;

/** The minimum distance of a swipe and the maximum movement of a tap, in CSS pixels. */
const SWIPE_DISTANCE = 50;
const TAP_TOLERANCE = 10;

/** The maximum time between the taps of a double tap, in milliseconds. */
const DOUBLE_TAP_TIME = 300;

/** The height of a video's own controls, at its bottom, in CSS pixels: a drag there is not a swipe. */
const CONTROLS = 80;

/**
 * Zooms and pans the picture on a stage by wheel, pinch and double tap. A picture that is not zoomed can be swiped
 * away; so can a video. It uses pointer events, because the browser's own pinch would zoom the page.
 */
export class Zoom {
  #stage;
  #swiped;
  #changed;
  #picture = null;
  #shown = null;
  #pointers = new Map();
  #start = null;
  #tap = { time: 0, x: 0, y: 0 };
  #state = { scale: 1, x: 0, y: 0 };

  /**
   * @param {HTMLElement} stage
   * @param {{swiped: function, changed: function}} listeners: `swiped` gets 1 for the next and -1 for the previous item
   */
  constructor(stage, { swiped, changed }) {
    this.#stage = stage;
    this.#swiped = swiped;
    this.#changed = changed;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.#up(event));
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Sets what is on the stage, or null. Only a picture can be zoomed. */
  set shown(shown) {
    this.#shown = shown;
    this.#picture = shown instanceof HTMLImageElement ? shown : null;
    this.#pointers.clear();
    this.#start = null;
    this.#state = { scale: 1, x: 0, y: 0 };
    this.#stage.classList.remove("zoomed");
    this.#changed(1);
  }

  get scale() {
    return this.#state.scale;
  }

  /** Scales the picture around a point, by default the centre. */
  by(factor, clientX, clientY) {
    const { scale, x, y } = this.#state;
    const next = Math.min(MAX_SCALE, Math.max(1, scale * factor));
    const at = this.#fromCentre(clientX, clientY);
    const grown = next / scale;
    this.#set({ scale: next, x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown });
  }

  reset() {
    this.#set({ scale: 1, x: 0, y: 0 });
  }

  pan(dx, dy) {
    const { scale, x, y } = this.#state;
    this.#set({ scale, x: x + dx, y: y + dy });
  }

  #fromCentre(clientX, clientY) {
    if (clientX === undefined) return { x: 0, y: 0 };
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** Applies a state, kept within the stage. */
  #set({ scale, x, y }) {
    if (!this.#picture) return;
    const { clientWidth, clientHeight } = this.#stage;
    const { naturalWidth: width, naturalHeight: height } = this.#picture;
    const fit = width && height ? Math.min(clientWidth / width, clientHeight / height) : 0;
    const within = (value, room) => Math.max(-room, Math.min(room, value));
    const state = {
      scale,
      x: within(x, Math.max(0, (width * fit * scale - clientWidth) / 2)),
      y: within(y, Math.max(0, (height * fit * scale - clientHeight) / 2)),
    };
    const rescaled = state.scale !== this.#state.scale;
    this.#state = state;
    this.#transform(state.x);
    this.#stage.classList.toggle("zoomed", scale > 1);
    if (rescaled) this.#changed(scale);
  }

  #transform(x) {
    const { scale, y } = this.#state;
    this.#shown.style.transform = scale === 1 && x === 0 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
  }

  #down(event) {
    if (!this.#shown || event.button > 0 || isOnControls(event)) return;
    // A video's button and controls get no click while the stage has the pointer.
    if (this.#picture) this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#start = this.#pointers.size === 1 ? { x: event.clientX, y: event.clientY } : null;
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before || !this.#shown) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (other && this.#picture) {
      this.by(
        distance(now, other) / Math.max(1, distance(before, other)),
        (now.x + other.x) / 2,
        (now.y + other.y) / 2,
      );
      this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    } else if (this.scale > 1) {
      this.pan(now.x - before.x, now.y - before.y);
    } else if (this.#start && Math.abs(now.x - this.#start.x) >= TAP_TOLERANCE) {
      if (!this.#stage.hasPointerCapture(event.pointerId)) this.#stage.setPointerCapture(event.pointerId);
      this.#transform(now.x - this.#start.x);
    }
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId) || !this.#start) return;
    const dx = event.clientX - this.#start.x;
    const dy = event.clientY - this.#start.y;
    this.#start = null;
    this.#transform(this.#state.x);
    if (event.type === "pointercancel") return;
    if (Math.hypot(dx, dy) < TAP_TOLERANCE) this.#onTap(event);
    else if (this.scale === 1 && Math.abs(dx) > SWIPE_DISTANCE && Math.abs(dx) > Math.abs(dy)) {
      this.#swiped(dx < 0 !== isRightToLeft(this.#stage) ? 1 : -1);
    }
  }

  #onTap({ timeStamp: time, clientX: x, clientY: y }) {
    const twice = time - this.#tap.time < DOUBLE_TAP_TIME && distance(this.#tap, { x, y }) < 3 * TAP_TOLERANCE;
    this.#tap = twice ? { time: 0, x, y } : { time, x, y };
    if (twice) this.scale > 1 ? this.reset() : this.by(DOUBLE_TAP_SCALE, x, y);
  }

  #wheel(event) {
    event.preventDefault();
    // One notch of a wheel is about 100 pixels or 3 lines; a pinch on a touch pad is a few pixels.
    const amount = event.deltaY * (event.deltaMode === 1 ? 33 : 1) * (event.ctrlKey ? 4 : 1);
    if (this.#picture) this.by(Math.exp(-amount / 400), event.clientX, event.clientY);
  }
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function isOnControls({ target, clientY }) {
  return (
    target instanceof HTMLVideoElement &&
    target.controls &&
    clientY > target.getBoundingClientRect().bottom - CONTROLS
  );
}
