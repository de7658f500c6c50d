// The form that adds pictures and videos by their addresses, one or many at once.

import { addressesIn, faultOf, typeOf } from "./address.js";
import { asciiHost } from "./host.js";

export class Adder {
  #form;
  #fields;
  #error;
  #httpsOnly;
  #add;
  #changed;

  /**
   * @param httpsOnly whether http addresses are refused
   * @param add called with a list of new items; returns how many of them found room
   * @param changed called after every change of the form
   */
  constructor(form, { httpsOnly, add, changed }) {
    this.#form = form;
    this.#fields = form.elements;
    this.#error = form.querySelector(".error");
    this.#httpsOnly = httpsOnly;
    this.#add = add;
    this.#changed = changed;
    form.addEventListener("input", () => this.#update());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && event.target === this.#fields.url) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.isPending) {
        this.#showError("Enter the address of a picture or video.");
      }
      this.submit();
      this.focus();
    });
    this.#fields.url.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (addressesIn(text).length > 1) {
        event.preventDefault();
        this.take(text);
      }
    });
    this.#show();
  }

  focus() {
    this.#fields.url.focus();
  }

  /** Whether something has been entered that is not an item yet. */
  get isPending() {
    return [this.#fields.url, this.#fields.poster, this.#fields.alt].some((field) => field.value.trim() !== "");
  }

  /** Adds what has been entered; returns whether nothing stays. What cannot be added stays, with the reason. */
  submit() {
    const { url, poster, alt, decorative } = this.#fields;
    const addresses = addressesIn(url.value);
    if (addresses.length > 1) {
      return this.take(url.value);
    }
    if (!this.isPending) {
      return true;
    }
    const item = this.#item(addresses[0] ?? "");
    if (item.type === "video" && poster.value.trim()) {
      item.poster = asciiHost(poster.value.trim());
    }
    if (decorative.checked) {
      item.decorative = true;
    } else if (alt.value.trim()) {
      item.alt = alt.value.trim();
    }
    const fault = !item.url ? "The address is missing." : this.#faultOf(item.url) || this.#faultOf(item.poster ?? "/");
    if (!fault && this.#add([item]) === 1) {
      this.#form.reset();
      this.#update();
      return true;
    }
    this.#showError(fault || "There is no room for another item.");
    return false;
  }

  /** Adds each address of a text; returns whether nothing stays in the field. */
  take(text) {
    const addresses = addressesIn(text);
    const faulty = addresses.filter((address) => this.#faultOf(address));
    const good = addresses.filter((address) => !faulty.includes(address));
    const added = good.length > 0 ? this.#add(good.map((address) => this.#item(address))) : 0;
    const rest = [...faulty, ...good.slice(added)];
    this.#fields.url.value = rest.join("\n");
    this.#update();
    if (faulty.length > 0) {
      const what = faulty.length === 1 ? "this address" : `${faulty.length} addresses`;
      this.#showError(`${this.#faultOf(faulty[0])} Not added: ${what}.`);
    } else if (rest.length > 0) {
      this.#showError(`There is no room for ${rest.length === 1 ? "this address" : `these ${rest.length} addresses`}.`);
    }
    return rest.length === 0;
  }

  #item(url) {
    return { type: typeOf(url) ?? this.#fields.type.value, url: asciiHost(url) };
  }

  #faultOf(url) {
    return faultOf(url, this.#httpsOnly);
  }

  #update() {
    this.#show();
    this.#changed();
  }

  #show() {
    const { type, decorative, alt, url, poster } = this.#fields;
    const several = addressesIn(url.value).length > 1;
    this.#form.querySelector(".poster").hidden = type.value !== "video" && !poster.value.trim();
    alt.disabled = decorative.checked || several;
    poster.disabled = several;
    url.rows = Math.min(6, Math.max(1, url.value.split("\n").length));
    this.#showError("");
  }

  #showError(text) {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
    this.#fields.url.setAttribute("aria-invalid", String(text !== ""));
  }
}
