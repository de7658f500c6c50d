// What is missing before the product looks right: not errors, the service takes it as it is.

import { faultOf } from "./address.js";
import { itemName, isHttpsOnly, MAX_ALT, textLength } from "./media.js";

/**
 * Returns what is missing, as items' keys, fields and texts.
 *
 * @param failed the keys of items whose files could not be loaded
 */
export function missingOf(items, failed) {
  return items.flatMap((item, index) => {
    const kind = item.type === "video" ? "Video" : "Picture";
    const place = `${index + 1}. ${item.alt?.trim() ? itemName(item, index) : kind}`;
    const missing = [];
    if (!item.url) {
      missing.push(["url", "no address"]);
    } else if (faultOf(item.url, isHttpsOnly())) {
      missing.push(["url", "the address is not valid"]);
    } else if (failed.has(item.key)) {
      missing.push(["url", "nothing could be loaded"]);
    }
    if (!item.decorative && !item.alt?.trim()) {
      missing.push(["alt", "no alternative text"]);
    } else if (textLength(item.alt ?? "") > MAX_ALT) {
      missing.push(["alt", "the alternative text is too long"]);
    }
    if (item.type === "video" && !item.poster) {
      missing.push(["poster", "no poster"]);
    }
    return missing.map(([field, text]) => ({ key: item.key, field, text: `${place}: ${text}` }));
  });
}

/** Shows what is missing; each entry leads to its field. */
export function showMissing(element, missing, lead) {
  element.hidden = missing.length === 0;
  element.querySelector("summary").textContent =
    missing.length === 1 ? "One thing is missing" : `${missing.length} things are missing`;
  element.querySelector("ul").replaceChildren(
    ...missing.map(({ key, field, text }) => {
      const entry = document.createElement("li");
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "link", textContent: text });
      button.addEventListener("click", () => lead(key, field));
      entry.append(button);
      return entry;
    }),
  );
}
