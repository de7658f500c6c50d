// The form that adds a picture or video by its address.

export class Adder {
  #form;
  #fields;
  #fault;

  /** @param add called with the attributes of what is to be added */
  constructor(form, add) {
    this.#form = form;
    this.#fields = form.elements;
    this.#fault = form.querySelector(".fault");
    form.addEventListener("input", () => this.#follow());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(add);
    });
    this.#follow();
  }

  focus() {
    this.#fields.url.focus();
  }

  #follow() {
    const { type, decorative, alt, url } = this.#fields;
    this.#form.querySelector(".poster").hidden = type.value !== "video";
    alt.disabled = decorative.checked;
    if (url.value.trim()) {
      this.#say("");
    }
  }

  #submit(add) {
    const { type, url, poster, alt, decorative } = this.#fields;
    if (!url.value.trim()) {
      this.#say("Expected the address of a picture or video.");
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
    this.#follow();
    add(attributes);
    url.focus();
  }

  #say(text) {
    this.#fault.textContent = text;
    this.#fault.hidden = text === "";
    this.#fields.url.setAttribute("aria-invalid", String(text !== ""));
  }
}
