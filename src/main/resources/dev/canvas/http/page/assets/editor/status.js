// How the draft stands towards the store, and why: the one place that decides what the dock says.

const NAMES = {
  saved: "Saved.",
  unsaved: "Unsaved changes.",
  saving: "Saving…",
  refused: "Not saved.",
  offline: "Offline.",
  conflict: "Conflict.",
};

const REASONS = {
  saved: "Everyone can see it.",
  unsaved: "Only you can see them, until you save.",
  saving: "",
  refused: "",
  offline: "What you change stays in this tab until you can save it.",
  conflict: "",
};

export class Status {
  #dock;
  #changed = false;
  #saving = false;
  #outcome = null;
  #note = "";

  /** @param dock shows the state: its name, and a message with the reason */
  constructor(dock) {
    this.#dock = dock;
    addEventListener("offline", () => this.#show());
    addEventListener("online", () => {
      if (this.#outcome?.state === "offline") {
        this.#outcome = null;
        this.#note = "The service can be reached again.";
      }
      this.#show();
    });
  }

  get state() {
    if (this.#saving) {
      return "saving";
    }
    if (!navigator.onLine) {
      return "offline";
    }
    return this.#outcome?.state ?? (this.#changed ? "unsaved" : "saved");
  }

  /**
   * Tells whether something is unsaved.
   *
   * @param edited whether the person has just changed it, so that earlier notes and refusals are outdated
   */
  update(changed, edited) {
    this.#changed = changed;
    if (edited) {
      this.#note = "";
    }
    const last = this.#outcome?.state;
    if ((last === "refused" && (edited || !changed)) || (last === "offline" && !changed)) {
      this.#outcome = null;
    }
    this.#show();
  }

  saving() {
    this.#saving = true;
    this.#outcome = null;
    this.#note = "";
    this.#show();
  }

  /** Ends a save that succeeded. */
  saved(note) {
    this.#end(null, note);
  }

  /** Ends a save that did not succeed, or reports a conflict: the state and the reason stay until they are settled. */
  failed(state, reason) {
    this.#end({ state, reason }, "");
  }

  /** Adds a note on what has just happened. The next change of the draft removes it. */
  say(note) {
    this.#note = note;
    this.#show();
  }

  #end(outcome, note) {
    this.#saving = false;
    this.#outcome = outcome;
    this.#note = note;
    this.#show();
  }

  #show() {
    const state = this.state;
    const reason = this.#outcome?.state === state ? this.#outcome.reason : REASONS[state];
    this.#dock.dataset.state = state;
    this.#dock.querySelector(".compare").hidden = state !== "conflict";
    setText(this.#dock.querySelector(".state-name"), NAMES[state]);
    setText(this.#dock.querySelector(".message"), this.#note || reason);
  }
}

/** Sets a text only if it differs, so that a screen reader does not read it again. */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A text of the service, which ends its details without a full stop. */
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
