// The key or token of whoever sits here: asked for where writing is not open, kept for this tab alone.

const STORED = "canvas.credential";

export class Credential {
  #form;
  #input;
  #note;
  #kind;

  /** @param open whether writing needs none; then nothing is asked for, and nothing sent */
  constructor(form, open) {
    this.#form = form;
    this.#input = form.querySelector("input");
    this.#note = form.querySelector("p");
    this.#kind = this.#note.textContent;
    form.hidden = open;
    if (!open) {
      this.#input.value = sessionStorage.getItem(STORED) ?? "";
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#use();
      });
      this.#input.addEventListener("change", () => this.#use());
    }
  }

  /** What is sent; empty for nothing. */
  get value() {
    return this.#form.hidden ? "" : this.#input.value.trim();
  }

  /** Whether one is needed and none is there. */
  get isMissing() {
    return !this.#form.hidden && this.value === "";
  }

  /** Says at the field why what is there does not do, and leads there. */
  refuse(why) {
    const end = endOf(this.value);
    this.#form.hidden = false;
    this.#form.dataset.state = "refused";
    this.#input.setAttribute("aria-invalid", "true");
    this.#note.textContent = end < new Date() ? `This token ended at ${end.toLocaleString()}. A new one is needed.` : why;
    this.#input.focus();
  }

  #use() {
    sessionStorage.setItem(STORED, this.value);
    this.#form.dataset.state = this.isMissing ? "missing" : "kept";
    this.#input.removeAttribute("aria-invalid");
    this.#note.textContent = this.isMissing ? this.#kind : `Will be sent with what you save${until(endOf(this.value))}.`;
  }
}

/** When a token ends, as it says itself (RFC 7519, section 4.1.4): for people. Undefined of a key. */
function endOf(credential) {
  try {
    const claims = credential.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(claims));
    return Number.isFinite(exp) ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}

function until(end) {
  return end ? `, until ${end.toLocaleString()}` : "";
}
