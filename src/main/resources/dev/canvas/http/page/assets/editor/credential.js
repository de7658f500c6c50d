// The editor's key or token: asked for if writing needs one, and kept in this tab only.

const STORAGE_KEY = "canvas.credential";

// What a browser does not send in a header field, or the service does not take in a credential.
const UNSENDABLE = /[^\x21-\x7e]/u;

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

  /** Why the credential cannot be sent; empty if it can. */
  get fault() {
    if (this.#isMissing) {
      return "Enter a key or a token to save.";
    }
    const foreign = UNSENDABLE.exec(this.value)?.[0];
    return foreign
      ? `A key or token cannot have the character “${foreign}”. Copy it again, without anything around it.`
      : "";
  }

  get #isMissing() {
    return !this.#form.hidden && this.value === "";
  }

  /** Shows at the field why the credential was refused, and focuses it. */
  refuse(reason) {
    this.#showRefusal(reason);
    this.#input.focus();
  }

  #showRefusal(reason) {
    const expiry = expiryOf(this.value);
    this.#form.hidden = false;
    this.#form.dataset.state = "refused";
    this.#input.setAttribute("aria-invalid", "true");
    this.#note.textContent =
      expiry < new Date() ? `This token expired at ${expiry.toLocaleString()}. Please use a new one.` : reason;
  }

  #use() {
    sessionStorage.setItem(STORAGE_KEY, this.value);
    if (!this.#isMissing && this.fault) {
      this.#showRefusal(this.fault);
      return;
    }
    this.#form.dataset.state = this.#isMissing ? "missing" : "kept";
    this.#input.removeAttribute("aria-invalid");
    this.#note.textContent = this.#isMissing
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
