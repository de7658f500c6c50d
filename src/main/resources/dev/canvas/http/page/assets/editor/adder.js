// The form that adds a picture or video by its address.

export class Adder {
  #form;
  #fields;
  #error;

  /** @param add called with the attributes of the new item */
  constructor(form, add) {
    this.#form = form;
    this.#fields = form.elements;
    this.#error = form.querySelector(".error");
    form.addEventListener("input", () => this.#update());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(add);
    });
    this.#update();
  }

  focus() {
    this.#fields.url.focus();
  }

  #update() {
    const { type, decorative, alt, url } = this.#fields;
    this.#form.querySelector(".poster").hidden = type.value !== "video";
    alt.disabled = decorative.checked;
    if (url.value.trim()) {
      this.#showError("");
    }
  }

  #submit(add) {
    const { type, url, poster, alt, decorative } = this.#fields;
    if (!url.value.trim()) {
      this.#showError("Enter the address of a picture or video.");
      url.focus();
      return;
    }
    const attributes = { type: type.value, url: url.value.trim() };
    if (type.value === "video" && poster.value.trim()) {
      attributes.poster = poster.value.trim();
    }
    if (decorative.checked) {
      attributes.decorative = true;
    } else if (alt.value.trim()) {
      attributes.alt = alt.value.trim();
    }
    this.#form.reset();
    this.#update();
    add(attributes);
    url.focus();
  }

  #showError(text) {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
    this.#fields.url.setAttribute("aria-invalid", String(text !== ""));
  }
}
