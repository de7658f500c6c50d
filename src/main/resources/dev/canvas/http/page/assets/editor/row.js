// One item in the list: its fields, its errors and its buttons. It exists as long as its item.

import { asciiHost, readable } from "./host.js";
import { itemName, MAX_ALT, showThumb, textLength } from "./media.js";
import { sentence } from "./status.js";

const FIELDS = ["alt", "url", "poster"];

export class Row {
  element;
  #inputs = {};
  #decorative;
  #measured;
  #settled;

  /**
   * @param template the element's markup
   * @param key the key of its item
   * @param measured called with the key and the measured size of the file
   * @param settled called with the key and whether the file could be loaded, or null while that is not known
   */
  constructor(template, key, measured, settled) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.key = key;
    this.#measured = (width, height) => measured(key, width, height);
    this.#settled = (loaded) => {
      this.#find(".unloaded").hidden = loaded !== false;
      settled(key, loaded);
    };
    for (const name of FIELDS) {
      const field = this.#find(`[data-field=${name}]`);
      const input = field.querySelector("input, textarea");
      input.id = `${name}-${key}`;
      field.querySelector("label").htmlFor = input.id;
      this.#inputs[name] = input;
    }
    this.#decorative = this.#find("[name=decorative]");
  }

  /** Shows an item, its position, whether it is selected, and the errors that the service reported for it. */
  show(item, index, total, errors, selected) {
    const name = itemName(item, index);
    this.element.setAttribute("aria-label", `${index + 1} of ${total}: ${name}`);
    this.#label(".handle", `Move ${name}, ${index + 1} of ${total}`);
    this.#label(".up", `Move ${name} up`, index === 0);
    this.#label(".down", `Move ${name} down`, index === total - 1);
    this.#label(".remove", `Delete ${name}`);
    this.#label(".first", `Move ${name} to the front`, index === 0);
    const isGrid = this.element.parentElement.dataset.view === "grid";
    this.#label(".picture", isGrid ? `Edit ${name}` : `Focal point of ${name}`, !isGrid && item.type !== "image");
    this.#find(".number").textContent = index + 1;
    this.#find(".select input").setAttribute("aria-label", `Select ${name}`);
    this.#find(".select input").checked = selected;
    showThumb(this.#find(".thumb"), item, this.#measured, this.#settled);
    this.#showFocal(item.focal);
    this.#showLength(item.alt ?? "");
    for (const field of FIELDS) {
      const value = item[field] ?? "";
      const input = this.#inputs[field];
      // Set only if it differs, because setting it moves the cursor to the end.
      if (input.value !== value && (field === "alt" || asciiHost(input.value) !== value)) {
        input.value = field === "alt" ? value : readable(value);
      }
      this.#showErrors(
        field,
        errors.filter((error) => error.field === field),
      );
    }
    this.#find("[data-field=poster]").hidden = item.type !== "video";
    this.#decorative.checked = item.decorative === true;
    this.#inputs.alt.disabled = item.decorative === true;
    const rest = errors.filter((error) => !FIELDS.includes(error.field));
    const whole = this.#find(".whole");
    whole.hidden = rest.length === 0;
    whole.textContent = rest.map(({ field, detail }) => (field ? `${field}: ${detail}` : detail)).join("; ");
  }

  /** Focuses one of its controls, given by class or field name. */
  focus(control) {
    (this.#inputs[control] ?? this.#find(`.${control}`)).focus();
  }

  /** Measured from the left, as the picture is, also where the text goes from right to left. */
  #showFocal(focal) {
    const marker = this.#find(".focal-dot");
    marker.hidden = !focal;
    marker.style.left = `${(focal?.x ?? 0) * 100}%`;
    marker.style.top = `${(focal?.y ?? 0) * 100}%`;
  }

  #showLength(text) {
    const counter = this.#find(".counter");
    const length = textLength(text);
    counter.textContent =
      length > MAX_ALT ? `${length} of ${MAX_ALT}: ${length - MAX_ALT} too many` : `${length} of ${MAX_ALT}`;
    counter.classList.toggle("error", length > MAX_ALT);
  }

  #showErrors(name, errors) {
    const input = this.#inputs[name];
    const id = `${input.id}-error`;
    let note = this.element.querySelector(`#${id}`);
    if (errors.length === 0) {
      note?.remove();
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      return;
    }
    if (!note) {
      note = document.createElement("p");
      Object.assign(note, { id, className: "error" });
      input.after(note);
    }
    note.textContent = sentence(errors.map(({ detail }) => detail).join("; "));
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
  }

  #label(selector, text, disabled = false) {
    const button = this.#find(selector);
    button.setAttribute("aria-label", text);
    button.title = selector === ".handle" ? "" : text;
    // Uses aria-disabled, because a disabled button would lose the focus at either end.
    button.setAttribute("aria-disabled", String(disabled));
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}
