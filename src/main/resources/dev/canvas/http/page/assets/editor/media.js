// How an item is shown: its name, its thumbnail, and whether its address may be loaded.

// The same rule as GalleryItem.LOADABLE: an absolute address or a path on this site. The page's policy decides about
// http.
const LOADABLE = /^(?:https?:\/\/[^/\\]|\/(?![/\\]))[^\s\p{Cc}]*$/iu;

/** The largest length of an alternative text, in characters as the service counts them. */
export const MAX_ALT = 500;

/** The length of a text in Unicode code points. */
export function textLength(text) {
  return [...text].length;
}

export function loadable(url) {
  return typeof url === "string" && LOADABLE.test(url);
}

/** Whether the page's policy forbids http addresses. */
export function isHttpsOnly() {
  return document.querySelector("product-canvas[https-only]") !== null;
}

/** Whether the page's policy forbids the address because it is http. */
function isForbidden(url) {
  return isHttpsOnly() && /^http:/i.test(url) && new URL(url).origin !== location.origin;
}

/** The name of an item: its alternative text, or its type and position. */
export function itemName(item, index) {
  const kind = item.type === "video" ? "Video" : "Picture";
  return item.alt?.trim() ? `“${shorten(item.alt.trim())}”` : `${kind} ${index + 1}`;
}

/** The last segment of an address, without the query. */
export function fileName(url) {
  return shorten(
    url
      .replace(/[?#].*$/s, "")
      .replace(/\/+$/, "")
      .split("/")
      .pop() || url,
  );
}

/**
 * Shows a thumbnail of an item in an element that is reused between calls.
 *
 * @param measured called with the size of the file once it is known
 * @param settled called with whether the file could be loaded, or null as long as that is not known
 */
export function showThumb(frame, item, measured = () => {}, settled = () => {}) {
  const poster = item.type === "video" && loadable(item.poster) ? item.poster : null;
  const source = poster ?? item.url;
  const content = `${item.type} ${source}`;
  if (frame.dataset.content === content) {
    return;
  }
  frame.dataset.content = content;
  frame.dataset.type = item.type;
  frame.dataset.state = "loading";
  settled(null);
  const reason = !item.url
    ? "No address"
    : !loadable(source)
      ? "Invalid address"
      : isForbidden(source)
        ? "https only"
        : "";
  if (reason) {
    frame.dataset.state = "unknown";
    frame.replaceChildren(note(reason));
    return;
  }
  const media = document.createElement(item.type === "video" && !poster ? "video" : "img");
  const finish = (state) => {
    if (frame.dataset.content === content) {
      frame.dataset.state = state;
      settled(state === "shown");
      if (state === "failed") {
        frame.replaceChildren(note("Cannot be loaded"));
      }
    }
  };
  media.addEventListener("error", () => finish("failed"));
  if (media instanceof HTMLVideoElement) {
    Object.assign(media, { muted: true, preload: "metadata", playsInline: true, tabIndex: -1 });
    media.setAttribute("aria-hidden", "true");
    media.addEventListener("loadedmetadata", () => {
      finish("shown");
      measured(media.videoWidth, media.videoHeight);
    });
  } else {
    Object.assign(media, { alt: "", decoding: "async", draggable: false });
    media.addEventListener("load", () => {
      finish("shown");
      if (!poster) {
        measured(media.naturalWidth, media.naturalHeight);
      }
    });
  }
  media.src = source;
  frame.replaceChildren(media);
}

function note(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

function shorten(text) {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
