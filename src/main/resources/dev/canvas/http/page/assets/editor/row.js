// One item in the list: its fields, its faults, and what moves it. Kept for as long as the item has its key.

import { called, showThumb } from "./media.js";

const FIELDS = ["alt", "url", "poster"];

export class Row {
  element;
  #inputs = {};
  #decorative;
  #measured;

  /**
   * @param template the element's markup
   * @param key the item that it stands for
   * @param measured called with the key and the size of its file
   */
  constructor(template, key, measured) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.key = key;
    this.#measured = (width, height) => measured(key, width, height);
    for (const name of FIELDS) {
      const field = this.#find(`[data-field=${name}]`);
      const input = field.querySelector("input");
      input.id = `${name}-${key}`;
      field.querySelector("label").htmlFor = input.id;
      this.#inputs[name] = input;
    }
    this.#decorative = this.#find("[name=decorative]");
  }

  /** Shows an item, where it stands, and what the service found wrong with it. */
  show(item, index, total, faults) {
    const name = called(item, index);
    this.element.setAttribute("aria-label", `${index + 1} of ${total}: ${name}`);
    this.#label(".handle", `Move ${name}, ${index + 1} of ${total}`);
    this.#label(".up", `Move ${name} up`, index === 0);
    this.#label(".down", `Move ${name} down`, index === total - 1);
    this.#label(".remove", `Delete ${name}`);
    showThumb(this.#find(".thumb"), item, this.#measured);
    for (const field of FIELDS) {
      // Written only where it differs, as the cursor would jump to the end.
      if (this.#inputs[field].value !== (item[field] ?? "")) {
        this.#inputs[field].value = item[field] ?? "";
      }
      this.#mark(field, faults.filter((fault) => fault.field === field));
    }
    this.#find("[data-field=poster]").hidden = item.type !== "video";
    this.#decorative.checked = item.decorative === true;
    this.#inputs.alt.disabled = item.decorative === true;
    const rest = faults.filter((fault) => !FIELDS.includes(fault.field));
    const whole = this.#find(".whole");
    whole.hidden = rest.length === 0;
    whole.textContent = rest.map(({ field, detail }) => (field ? `${field}: ${detail}` : detail)).join("; ");
  }

  /** Puts the focus on a control of it: a class, or a field's name. */
  focus(control) {
    (this.#inputs[control] ?? this.#find(`.${control}`)).focus();
  }

  #mark(name, faults) {
    const input = this.#inputs[name];
    const id = `${input.id}-fault`;
    let note = this.element.querySelector(`#${id}`);
    if (faults.length === 0) {
      note?.remove();
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      return;
    }
    if (!note) {
      note = document.createElement("p");
      Object.assign(note, { id, className: "fault" });
      input.after(note);
    }
    note.textContent = sentence(faults.map(({ detail }) => detail).join("; "));
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
  }

  #label(selector, text, unavailable = false) {
    const button = this.#find(selector);
    button.setAttribute("aria-label", text);
    button.title = selector === ".handle" ? "" : text;
    // Not disabled, as the focus would be lost on the way to either end.
    button.setAttribute("aria-disabled", String(unavailable));
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
