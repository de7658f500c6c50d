/** The texts of the gallery. Replace them for another language; each is read when it is shown. */
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
  loading: "The pictures are being loaded.",
  empty: "No pictures of this product yet.",
  unavailable: "The pictures cannot be loaded right now.",
};

/** A text with its placeholders filled in. */
export function text(name, values = {}) {
  return TEXTS[name].replace(/\{(\w+)\}/g, (placeholder, key) => values[key] ?? placeholder);
}

/** The name of an item: its alternative text, or its type and position. */
export function nameOf(item, n, total) {
  return item.alt || text(item.video ? "video" : "picture", { n: n + 1, total });
}
