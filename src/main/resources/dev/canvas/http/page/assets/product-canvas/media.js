// What a document says, made safe to show: nothing in it is trusted, wherever it came from.

/** An address with a host, or a path (URL Standard, 4.4: a second slash or a backslash would be a host). */
const LOADABLE = /^(?:https?:\/\/[^/\\]|\/(?![/\\]))[^\s\p{Cc}]*$/iu;

/** The widths that are asked of a rendition template where none are given. */
export const WIDTHS = [320, 640, 960, 1280, 1920];

/** The address as one with a host, or null where it is not one to load. */
export function loadable(url, base) {
  if (typeof url !== "string" || !LOADABLE.test(url)) return null;
  try {
    const { protocol, href } = new URL(url, base);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** A whole document, or null where it is none. */
export function readDocument(value) {
  const known = value !== null && typeof value === "object" && Array.isArray(value.media);
  return known && Number.isSafeInteger(value.version) ? value : null;
}

/**
 * The items of a document that can be shown, in its order.
 *
 * @param {string} base where the service is
 * @param {boolean} httpsOnly whether the page loads nothing from http addresses but its own and those of the service
 */
export function readItems(document, base, httpsOnly) {
  return document.media.map((raw, n) => readItem(raw, n, base, httpsOnly)).filter((item) => item !== null);
}

function readItem(raw, n, base, httpsOnly) {
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
  };
}

function readFocal(focal) {
  const within = (share) => typeof share === "number" && share >= 0 && share <= 1;
  return within(focal?.x) && within(focal?.y) ? `${focal.x * 100}% ${focal.y * 100}%` : null;
}

function readColour(text) {
  return typeof text === "string" && CSS.supports("color", text) ? text : null;
}

/** Which picture in which width: the template of renditions, or null. */
export function readRenditions(template, widths) {
  if (!template || !/\{\+?url\}/.test(template) || !template.includes("{width}")) return null;
  const numbers = (widths ?? "").split(/[\s,]+/).map(Number);
  const wanted = numbers.filter((width) => Number.isInteger(width) && width > 0);
  return { template, widths: wanted.length > 0 ? wanted.sort((a, b) => a - b) : WIDTHS };
}

/** The value of `srcset`; empty without renditions. None is wider than the picture itself but the last. */
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

/** Commas and spaces would end the address within `srcset`. */
function rendition(template, url, width, base) {
  const filled = template
    .replaceAll("{width}", width)
    .replaceAll("{url}", () => encodeURIComponent(url))
    .replaceAll("{+url}", () => url);
  return loadable(filled, base)?.replace(/,$/, "%2C") ?? null;
}
