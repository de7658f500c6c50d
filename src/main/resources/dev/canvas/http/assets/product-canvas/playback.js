import { make } from "./dom.js";

/** The video that plays, of all galleries of the page. */
let playing = null;

/** Stops whatever plays. */
export function hush() {
  playing?.pause();
  playing = null;
}

/** A video that is silent at first, and stops the one that played before when it begins. */
export function makeVideo(item, name, part, failed) {
  const video = make("video", {
    part,
    poster: item.poster,
    width: item.width,
    height: item.height,
    "aria-label": name,
    controls: true,
    playsinline: true,
    preload: item.poster ? "none" : "metadata",
    play: () => {
      if (playing !== video) hush();
      playing = video;
    },
    error: failed,
  });
  // After what says how much of it is to be loaded.
  video.src = item.url;
  // The attribute would mute only what a parser makes.
  video.muted = true;
  video.defaultMuted = true;
  return video;
}
