// Reads documents and makes them safe to show. Nothing in a document is trusted, wherever it came from.

/**
 * An absolute address, or a path; after a second slash or a backslash it would be a host (URL Standard, section 4.4).
 */
const LOADABLE = /^(?:https?:\/\/[^/\\]|\/(?![/\\]))[^\s\p{Cc}]*$/iu;

/** A ratio as CSS writes it: "4 / 5", or "0.8". */
const RATIO = /^\s*(\d{1,5}(?:\.\d{1,5})?)\s*(?:[/:]\s*(\d{1,5}(?:\.\d{1,5})?)\s*)?$/;

/** The default widths of renditions. */
export const WIDTHS = [320, 640, 960, 1280, 1920];

/** The absolute address, or null if it is not safe to load. */
export function loadable(url, base) {
  if (typeof url !== "string" || !LOADABLE.test(url)) return null;
  try {
    const { protocol, href } = new URL(url, base);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** The value, or the one that a text has as JSON, if it is a media document, else null. */
export function readDocument(value) {
  if (typeof value === "string") {
    try {
      return readDocument(Object(JSON.parse(value)));
    } catch {
      return null;
    }
  }
  const valid = value !== null && typeof value === "object" && Array.isArray(value.media);
  return valid && Number.isSafeInteger(value.version) ? value : null;
}

/**
 * The items of a document that can be shown, in document order.
 *
 * @param {string} base where the service is
 * @param {boolean} httpsOnly whether the page loads no http addresses except its own and those of the service
 * @param {?string} crossOrigin how the files are requested: `anonymous`, `use-credentials`, or null
 */
export function readItems(document, base, httpsOnly, crossOrigin) {
  return document.media.map((raw, n) => readItem(raw, n, base, httpsOnly, crossOrigin)).filter((item) => item !== null);
}

function readItem(raw, n, base, httpsOnly, crossOrigin) {
  const url = loadable(raw?.url, base);
  const video = raw?.type === "video";
  if (!url || (!video && raw.type !== "image")) return null;
  const own = [location.href, base ?? location.href].map((address) => new URL(address).origin);
  const blocked = (address) => httpsOnly && address.startsWith("http:") && !own.includes(new URL(address).origin);
  const poster = loadable(raw.poster, base);
  const sized = raw.width > 0 && raw.height > 0;
  return {
    key: String(raw.id ?? `${n} ${url}`),
    id: raw.id ?? null,
    type: raw.type,
    video,
    url,
    blocked: blocked(url),
    alt: raw.decorative ? "" : String(raw.alt ?? "").trim(),
    decorative: raw.decorative === true,
    width: sized ? raw.width : null,
    height: sized ? raw.height : null,
    poster: poster && !blocked(poster) ? poster : null,
    mime: typeof raw.mime === "string" ? raw.mime : null,
    focal: readFocal(raw.focal),
    placeholder: readColour(raw.placeholder),
    crossOrigin,
  };
}

function readFocal(focal) {
  const within = (share) => typeof share === "number" && share >= 0 && share <= 1;
  return within(focal?.x) && within(focal?.y) ? `${focal.x * 100}% ${focal.y * 100}%` : null;
}

function readColour(text) {
  return typeof text === "string" && CSS.supports("color", text) ? text : null;
}

/** The template and widths of renditions, or null if there is no usable template. */
export function readRenditions(template, widths) {
  if (!template || !/\{\+?url\}/.test(template) || !template.includes("{width}")) return null;
  const numbers = (widths ?? "").split(/[\s,]+/).map(Number);
  const valid = numbers.filter((width) => Number.isInteger(width) && width > 0);
  return { template, widths: valid.length > 0 ? valid.sort((a, b) => a - b) : WIDTHS };
}

/** The value of `srcset`; empty without renditions. Only the last may be wider than the picture itself. */
export function srcset(item, renditions, base) {
  if (!renditions || item.video) return "";
  const { template, widths } = renditions;
  const enough = widths.findIndex((width) => width >= item.width);
  const used = item.width && enough >= 0 ? widths.slice(0, enough + 1) : widths;
  return used
    .map((width) => [rendition(template, item.url, width, base), width])
    .filter(([url]) => url)
    .map(([url, width]) => `${url} ${width}w`)
    .join(", ");
}

/** The address of one rendition; a comma at its end would end it within `srcset`. */
function rendition(template, url, width, base) {
  const filled = template
    .replaceAll("{width}", width)
    .replaceAll("{url}", () => encodeURIComponent(url))
    .replaceAll("{+url}", () => url);
  return loadable(filled, base)?.replace(/,$/, "%2C") ?? null;
}

/** The ratio that the attributes `aspect`, or `width` and `height`, give, as CSS writes it; null if they give none. */
export function readAspect(element) {
  const sides = ["width", "height"].map((name) => element.getAttribute(name));
  const match = RATIO.exec(element.getAttribute("aspect") ?? (sides.every(Boolean) ? sides.join("/") : ""));
  const [width, height] = match ? [Number(match[1]), Number(match[2] ?? 1)] : [0, 0];
  return width > 0 && height > 0 ? `${width} / ${height}` : null;
}
