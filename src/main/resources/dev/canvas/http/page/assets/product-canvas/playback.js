import { ICONS, iconButton, make } from "./dom.js";
import { text } from "./texts.js";

/** The video that is playing; one for all galleries of the page. */
let playing = null;

/** Pauses the video that is playing. */
export function pausePlaying() {
  playing?.pause();
  playing = null;
}

/**
 * A video. Until it is played it shows its poster and a button, because the browser's controls would cover the poster.
 * Then it gets the browser's controls. It starts muted, and pauses the video that was playing before. When it has ended it
 * is as at the beginning.
 */
export class Clip {
  element = make("div", { class: "clip" });
  video;
  #button = iconButton("play", "", ICONS.play, () => this.#play());

  /**
   * @param {object} item as of `readItems`
   * @param {string} part of the video
   * @param {function} failed called with the error event
   */
  constructor(item, part, failed) {
    this.video = make("video", {
      part,
      poster: item.poster,
      width: item.width,
      height: item.height,
      playsinline: true,
      crossorigin: item.crossOrigin,
      preload: item.poster ? "none" : "metadata",
      play: () => this.#onPlay(),
      ended: () => this.#onEnded(),
      error: failed,
    });
    // Set last, after the attributes that limit how much is loaded.
    if (!item.blocked) this.video.src = item.url;
    // The attribute has an effect only when it is parsed.
    this.video.muted = true;
    this.video.defaultMuted = true;
    this.element.append(this.video, this.#button);
  }

  /** The element to focus. */
  get focusable() {
    return this.#button.hidden ? this.video : this.#button;
  }

  set name(name) {
    this.video.setAttribute("aria-label", name);
    this.#button.setAttribute("aria-label", text("play", { what: name }));
    this.#button.removeAttribute("title");
  }

  #play() {
    this.#showControls();
    this.video.focus({ preventScroll: true });
    // A failure is reported by the error event.
    this.video.play().catch(() => {});
  }

  #onPlay() {
    if (playing !== this.video) pausePlaying();
    playing = this.video;
    this.#showControls();
  }

  /** Shows the poster again; the last frame would stay, at the size of the video. */
  #onEnded() {
    if (playing === this.video) playing = null;
    const focused = this.video.getRootNode().activeElement === this.video;
    this.video.controls = false;
    this.#button.hidden = false;
    if (focused) this.#button.focus({ preventScroll: true });
    this.video.load();
  }

  #showControls() {
    this.video.controls = true;
    this.#button.hidden = true;
  }
}
