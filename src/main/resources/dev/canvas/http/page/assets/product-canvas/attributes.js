// The attributes of the element, and the properties that reflect them as those of HTML elements do.

/** Attributes with a text, by property. */
const TEXTUAL = {
  productId: "product-id",
  src: "src",
  renditions: "renditions",
  widths: "widths",
  sizes: "sizes",
  layout: "layout",
  label: "label",
  aspect: "aspect",
  width: "width",
  height: "height",
  crossOrigin: "crossorigin",
};

/** Attributes that switch something on, by property. */
const SWITCHES = { live: "live", httpsOnly: "https-only" };

export const ATTRIBUTES = [...Object.values(TEXTUAL), ...Object.values(SWITCHES), "document"];

/** Whether a switch is on: present, and not "false", which frameworks write instead of leaving it out. */
export function isOn(element, attribute) {
  return (element.getAttribute(attribute) ?? "false") !== "false";
}

/** Adds the properties to the prototype of the element. */
export function reflectAttributes(prototype) {
  for (const [property, attribute] of Object.entries(TEXTUAL)) {
    define(
      prototype,
      property,
      (element) => element.getAttribute(attribute) ?? "",
      (value) => (value === null || value === undefined ? null : value),
      attribute,
    );
  }
  for (const [property, attribute] of Object.entries(SWITCHES)) {
    const on = (value) => value === "" || (Boolean(value) && value !== "false");
    define(
      prototype,
      property,
      (element) => isOn(element, attribute),
      (value) => (on(value) ? "" : null),
      attribute,
    );
  }
}

/**
 * Takes over the properties that were set before the element was defined: they hide those of the class. A framework
 * may render the page first and load the module later.
 */
export function upgradeProperties(element) {
  for (const property of [...Object.keys(TEXTUAL), ...Object.keys(SWITCHES), "document", "index"]) {
    if (!Object.hasOwn(element, property)) continue;
    const value = element[property];
    delete element[property];
    element[property] = value;
  }
}

function define(prototype, property, get, toText, attribute) {
  Object.defineProperty(prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return get(this);
    },
    set(value) {
      const text = toText(value);
      if (text === null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, text);
    },
  });
}
