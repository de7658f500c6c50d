/** The words of the gallery. Change them for another language: they are read whenever one is shown. */
export const TEXTS = {
  gallery: "Pictures and videos",
  picture: "Picture {n} of {total}",
  video: "Video {n} of {total}",
  enlarge: "Enlarge:",
  enlargeDecorative: "Enlarge picture {n} of {total}",
  show: "Show {what}",
  play: "Play {what}",
  thumbnails: "Choose a picture",
  previous: "Previous",
  next: "Next",
  close: "Close",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  dialog: "Full screen",
  position: "{n} / {total}",
  failedPicture: "This picture could not be loaded.",
  failedVideo: "This video could not be played.",
  empty: "There are no pictures of this product yet.",
  unavailable: "The pictures are out of reach just now.",
};

/** A text with its gaps filled. */
export function text(name, values = {}) {
  return TEXTS[name].replace(/\{(\w+)\}/g, (gap, key) => values[key] ?? gap);
}

/** What an item is called: by its alternative text, or by its place. */
export function nameOf(item, n, total) {
  return item.alt || text(item.video ? "video" : "picture", { n: n + 1, total });
}
