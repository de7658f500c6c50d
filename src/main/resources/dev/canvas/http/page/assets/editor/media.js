// What an item is, shown: its name to people, its thumbnail, and whether its address may be loaded at all.

// As Exhibit.LOADABLE: https (http too, which the page's policy decides) or a path on this site.
const LOADABLE = /^(?:https?:\/\/[^/\\]|\/(?![/\\]))[^\s\p{Cc}]*$/iu;

export function loadable(url) {
  return typeof url === "string" && LOADABLE.test(url);
}

/** Whether the page may not load it: its policy, which the gallery is told of, leaves out http. */
function isForbidden(url) {
  const httpsOnly = document.querySelector("product-canvas[https-only]") !== null;
  return httpsOnly && /^http:/i.test(url) && new URL(url).origin !== location.origin;
}

/** What people call it: its alternative text, or what it is and where it stands. */
export function called(item, index) {
  const kind = item.type === "video" ? "Video" : "Picture";
  return item.alt?.trim() ? `“${shortened(item.alt.trim())}”` : `${kind} ${index + 1}`;
}

/** The last part of an address, without the query. */
export function fileName(url) {
  return shortened(url.replace(/[?#].*$/s, "").replace(/\/+$/, "").split("/").pop() || url);
}

/**
 * Shows a small picture of an item in an element that is kept between calls.
 *
 * @param measured called with the size of the file once that is known
 */
export function showThumb(frame, item, measured = () => {}) {
  const still = item.type === "video" && loadable(item.poster) ? item.poster : null;
  const source = still ?? item.url;
  const wanted = `${item.type} ${source}`;
  if (frame.dataset.shows === wanted) {
    return;
  }
  frame.dataset.shows = wanted;
  frame.dataset.type = item.type;
  frame.dataset.state = "loading";
  const why = !item.url ? "No address" : !loadable(source) ? "Not an address" : isForbidden(source) ? "Only https" : "";
  if (why) {
    frame.dataset.state = "unknown";
    frame.replaceChildren(note(why));
    return;
  }
  const media = document.createElement(item.type === "video" && !still ? "video" : "img");
  const settled = (state) => {
    if (frame.dataset.shows === wanted) {
      frame.dataset.state = state;
      if (state === "failed") {
        frame.replaceChildren(note("Does not load"));
      }
    }
  };
  media.addEventListener("error", () => settled("failed"));
  if (media instanceof HTMLVideoElement) {
    Object.assign(media, { muted: true, preload: "metadata", playsInline: true, tabIndex: -1 });
    media.setAttribute("aria-hidden", "true");
    media.addEventListener("loadedmetadata", () => {
      settled("shown");
      measured(media.videoWidth, media.videoHeight);
    });
  } else {
    Object.assign(media, { alt: "", decoding: "async", draggable: false });
    media.addEventListener("load", () => {
      settled("shown");
      if (!still) {
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

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
