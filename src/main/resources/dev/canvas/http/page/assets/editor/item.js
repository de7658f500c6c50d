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
