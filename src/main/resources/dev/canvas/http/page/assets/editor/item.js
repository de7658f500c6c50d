// What an item says: to the API, and after a change.

const ATTRIBUTES = [
  "type", "url", "alt", "decorative", "width", "height", "poster", "mime", "focal", "placeholder", "variants",
];

// What describes the file at an address, and no other.
const OF_THE_FILE = ["width", "height", "mime", "focal", "placeholder"];

/** What an item says, in the order of a document, without what says nothing. */
export function bare(item) {
  const said = {};
  for (const name of ATTRIBUTES) {
    const value = item[name];
    if (value !== undefined && value !== null && value !== "" && value !== false) {
      said[name] = value;
    }
  }
  return said;
}

/** An item with another value of an attribute, and without what that makes wrong. */
export function changed(item, name, value) {
  const next = { ...item, [name]: value };
  if (name === "decorative" && value) {
    delete next.alt;
  }
  if (name === "url" && value !== item.url) {
    OF_THE_FILE.forEach((attribute) => delete next[attribute]);
  }
  return Object.freeze(next);
}
