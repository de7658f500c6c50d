// The attributes of an item: for the API, and after a change.

const ATTRIBUTES = [
  "type",
  "url",
  "alt",
  "decorative",
  "width",
  "height",
  "poster",
  "mime",
  "focal",
  "placeholder",
  "variants",
];

// Attributes of the file, which a new address invalidates.
const FILE_ATTRIBUTES = ["width", "height", "mime", "focal", "placeholder"];

/** The attributes of an item that have a value, in document order. */
export function bare(item) {
  const attributes = {};
  for (const name of ATTRIBUTES) {
    const value = item[name];
    if (value !== undefined && value !== null && value !== "" && value !== false) {
      attributes[name] = value;
    }
  }
  return attributes;
}

/**
 * The items of a document that the editor can show, and how many it cannot: SQL may have written anything.
 *
 * @param document as the service answers it; null if the product has no media
 */
export function readItems(document) {
  const all = Array.isArray(document?.media) ? document.media : [];
  const items = all.filter((item) => ["image", "video"].includes(item?.type) && typeof item.url === "string");
  const unreadable = all.length - items.length + (document && !Array.isArray(document.media) ? 1 : 0);
  return { items: items.map(withText), unreadable };
}

/** Leaves out what is not of the type that fields and the gallery expect. */
function withText(item) {
  const copy = { ...item };
  for (const name of ["alt", "poster", "mime", "placeholder"]) {
    if (typeof copy[name] !== "string") {
      delete copy[name];
    }
  }
  if (!Number.isSafeInteger(copy.id)) {
    delete copy.id;
  }
  return copy;
}

/** A copy of an item with another value of an attribute, without the attributes that this invalidates. */
export function withAttribute(item, name, value) {
  const next = { ...item, [name]: value };
  if (name === "decorative" && value) {
    delete next.alt;
  }
  if (name === "url" && value !== item.url) {
    FILE_ATTRIBUTES.forEach((attribute) => delete next[attribute]);
  }
  return Object.freeze(next);
}
