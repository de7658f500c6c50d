// Creates nodes one by one and never from markup, so that no value can become a tag, an attribute or a script.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Creates an element.
 *
 * @param {string} tag
 * @param {object} attributes null, undefined and false are left out; functions become listeners
 * @param {...(Node|string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Creates a button with an icon and a label. */
export function iconButton(part, label, path, clicked) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return make(
    "button",
    { type: "button", part, class: `icon ${part}`, "aria-label": label, title: label, click: clicked },
    svg,
  );
}

export const ICONS = {
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  play: "M9 6.5v11l9-5.5z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
};

/** Whether the writing direction is right to left. */
export function isRightToLeft(element) {
  return getComputedStyle(element).direction === "rtl";
}

/** Whether the user prefers reduced motion. */
export function prefersReducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The index that a key leads to, or null if the key does not navigate. */
export function stepOf(key, element, index, total) {
  const forward = isRightToLeft(element) ? -1 : 1;
  const target = { ArrowRight: index + forward, ArrowLeft: index - forward, Home: 0, End: total - 1 }[key];
  return target === undefined ? null : Math.max(0, Math.min(total - 1, target));
}
