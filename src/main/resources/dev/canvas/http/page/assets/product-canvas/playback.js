import { ICONS, iconButton, make } from "./dom.js";
import { text } from "./texts.js";

/** The video that plays, of all galleries of the page. */
let playing = null;

/** Stops whatever plays. */
export function hush() {
  playing?.pause();
  playing = null;
}

/**
 * A video at rest: its poster and a button, as a player of the browser's would lay bars and a turning ring over a poster.
 * Once it is played it has the browser's own controls. It is silent at first, and stops the one that played before.
 */
export class Clip {
  element = make("div", { class: "clip" });
  video;
  #button = iconButton("play", "", ICONS.play, () => this.#play());

  /**
   * @param {object} item as of `readItems`
   * @param {string} part of the video
   * @param {function} failed called with the event of its failure
   */
  constructor(item, part, failed) {
    this.video = make("video", {
      part,
      poster: item.poster,
      width: item.width,
      height: item.height,
      playsinline: true,
      preload: item.poster ? "none" : "metadata",
      play: () => this.#began(),
      error: failed,
    });
    // After what says how much of it is to be loaded.
    if (!item.blocked) this.video.src = item.url;
    // The attribute would mute only what a parser makes.
    this.video.muted = true;
    this.video.defaultMuted = true;
    this.element.append(this.video, this.#button);
  }

  /** What the focus goes to. */
  get focusable() {
    return this.#button.hidden ? this.video : this.#button;
  }

  set name(name) {
    this.video.setAttribute("aria-label", name);
    this.#button.setAttribute("aria-label", text("play", { what: name }));
    this.#button.removeAttribute("title");
  }

  #play() {
    this.#handOver();
    this.video.focus({ preventScroll: true });
    // What does not play tells so by its error.
    this.video.play().catch(() => {});
  }

  #began() {
    if (playing !== this.video) hush();
    playing = this.video;
    this.#handOver();
  }

  #handOver() {
    this.video.controls = true;
    this.#button.hidden = true;
  }
}
