// The editor's key or token: asked for if writing needs one, and kept in this tab only.

const STORAGE_KEY = "canvas.credential";

export class Credential {
  #form;
  #input;
  #note;
  #hint;

  /** @param open whether writing needs no credential; then none is asked for or sent */
  constructor(form, open) {
    this.#form = form;
    this.#input = form.querySelector("input");
    this.#note = form.querySelector("p");
    this.#hint = this.#note.textContent;
    form.hidden = open;
    if (!open) {
      this.#input.value = sessionStorage.getItem(STORAGE_KEY) ?? "";
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#use();
      });
      this.#input.addEventListener("change", () => this.#use());
    }
  }

  /** The credential to send; empty for none. */
  get value() {
    return this.#form.hidden ? "" : this.#input.value.trim();
  }

  /** Whether a credential is needed but missing. */
  get isMissing() {
    return !this.#form.hidden && this.value === "";
  }

  /** Shows at the field why the credential was refused, and focuses it. */
  refuse(reason) {
    const expiry = expiryOf(this.value);
    this.#form.hidden = false;
    this.#form.dataset.state = "refused";
    this.#input.setAttribute("aria-invalid", "true");
    this.#note.textContent =
      expiry < new Date() ? `This token expired at ${expiry.toLocaleString()}. Please use a new one.` : reason;
    this.#input.focus();
  }

  #use() {
    sessionStorage.setItem(STORAGE_KEY, this.value);
    this.#form.dataset.state = this.isMissing ? "missing" : "kept";
    this.#input.removeAttribute("aria-invalid");
    this.#note.textContent = this.isMissing
      ? this.#hint
      : `Will be sent when you save${validUntil(expiryOf(this.value))}.`;
  }
}

/** The expiry that a token claims (RFC 7519, section 4.1.4), for display only; undefined for a key. */
function expiryOf(credential) {
  try {
    const claims = credential.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(claims));
    return Number.isFinite(exp) ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}

function validUntil(expiry) {
  return expiry ? ` (valid until ${expiry.toLocaleString()})` : "";
}
