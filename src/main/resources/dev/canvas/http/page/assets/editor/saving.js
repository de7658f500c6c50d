// Saves the draft, reports the outcome, and follows what others save in the meantime.

import { readItems } from "./item.js";

export class Saving {
  #api;
  #draft;
  #list;
  #adder;
  #credential;
  #status;
  #conflict;
  #focusSave;
  #saving = false;
  #comparing = false;
  // The newest version that the service has told of, and the one that has been dealt with.
  #told = 0;
  #seen = 0;

  constructor({ api, draft, list, adder, credential, status, conflict, focusSave }) {
    this.#api = api;
    this.#draft = draft;
    this.#list = list;
    this.#adder = adder;
    this.#credential = credential;
    this.#status = status;
    this.#conflict = conflict;
    this.#focusSave = focusSave;
  }

  /** Whether an answer to a write is awaited. */
  get isRunning() {
    return this.#saving;
  }

  /** Hears of a version in the store. */
  hear(version) {
    this.#told = Math.max(this.#told, version);
    this.#catchUp();
  }

  /** Shows what others have saved in the meantime, or that it conflicts with what is unsaved here. */
  async #catchUp() {
    if (this.#saving || this.#comparing || this.#told <= Math.max(this.#seen, this.#draft.version ?? 0)) {
      return;
    }
    this.#seen = this.#told;
    const answer = await this.#api.read();
    const current = answer.document ? answer.document.version : null;
    if (answer.outcome === "failed" || this.#saving || this.#comparing || current === this.#draft.version) {
      return;
    }
    if (this.#draft.isChanged && answer.document && this.#draft.equals(answer.document)) {
      this.#draft.rebase(answer.document);
      this.#status.saved("The service already has this version.");
    } else if (this.#draft.isChanged) {
      this.#status.failed(
        "conflict",
        "Someone else has just saved this product. Compare both versions before you save.",
      );
    } else {
      this.#draft.rebase(answer.document);
      this.#draft.takeStored();
      this.#status.saved("Someone else has just saved this product: you see their version.");
    }
  }

  /** Saves the draft and what is entered but not added yet. */
  async save() {
    if (this.#saving || !(this.#draft.isChanged || this.#adder.isPending)) {
      return;
    }
    if (!this.#adder.submit()) {
      this.#status.failed("refused", "What you entered under “Add” cannot be added. Correct or clear it.");
      this.#adder.focus();
      return;
    }
    if (this.#credential.fault) {
      this.#status.failed("refused", this.#credential.fault);
      this.#credential.refuse(this.#credential.fault);
      return;
    }
    await this.#write(async (sent) =>
      this.#afterWrite(await this.#api.write(this.#draft.toMedia(), this.#draft.version), sent),
    );
  }

  /** Writes what was there before the last save. */
  async undoSave() {
    const mediaBefore = this.#draft.undoSave();
    await this.#write(async (sent) => {
      const { version } = this.#draft;
      const answer = mediaBefore
        ? await this.#api.write(this.#draft.toMedia(), version)
        : await this.#api.remove(version);
      return this.#afterWrite(answer, sent, "The last save is undone.");
    });
  }

  async #write(send) {
    this.#saving = true;
    this.#status.saving();
    this.#draft.touch();
    const next = await send(this.#draft.items);
    this.#saving = false;
    await next();
    this.#draft.touch();
    this.#catchUp();
  }

  /** Applies an answer to the draft; returns what to do once saving has ended. */
  #afterWrite(answer, sent, done = "") {
    switch (answer.outcome) {
      case "saved":
        this.#list.clearErrors();
        this.#draft.saved(sent, answer.document);
        return () => this.#status.saved(done && `${done} Everyone can see it.`);
      case "deleted":
        this.#draft.deleted();
        return () => this.#status.saved(`${done} The product has no pictures or videos again.`);
      case "conflict":
        return () => this.resolveConflict();
      case "invalid":
        return () => this.#showErrors(sent, answer);
      case "refused":
        return () => {
          this.#status.failed("refused", answer.detail);
          this.#credential.refuse(answer.detail);
        };
      default:
        return () =>
          this.#status.failed(
            answer.offline ? "offline" : "refused",
            answer.unknown
              ? `We do not know whether this was saved. ${answer.detail} It is safe to save again.`
              : answer.detail,
          );
    }
  }

  #showErrors(sent, answer) {
    const rest = this.#list.showErrors(sent, answer.errors);
    const count = answer.errors.length;
    const reason = count === 0 ? answer.detail : `Please fix ${count} ${count === 1 ? "error" : "errors"}`;
    const details = rest.length > 0 ? `: ${rest.join("; ")}.` : count > 0 ? "." : "";
    this.#status.failed("refused", reason + details);
  }

  /** Shows both versions and does what the person chooses. */
  async resolveConflict() {
    this.#comparing = true;
    await this.#compare();
    this.#comparing = false;
    this.#focusSave();
  }

  async #compare() {
    this.#status.failed("conflict", "Someone else changed this product.");
    const answer = await this.#api.read();
    if (answer.outcome === "failed") {
      this.#status.failed(
        "conflict",
        `Someone else changed this product, and their version could not be loaded. ${answer.detail}`,
      );
      return;
    }
    this.#draft.rebase(answer.document);
    if (!this.#draft.isChanged) {
      this.#status.saved("The service already has this version.");
      return;
    }
    const theirs = answer.document ? readItems(answer.document).items : null;
    const { choice, items } = await this.#conflict.ask(this.#draft.identified(), theirs);
    if (choice === "take") {
      this.#draft.takeStored();
      this.#status.saved("You now have their version. Undo brings yours back.");
    } else if (choice === "keep") {
      this.#draft.merge(items);
      await this.save();
      if (!this.#draft.isChanged) {
        this.#status.saved("");
      }
    } else {
      this.#status.failed("conflict", "Someone else changed this product. Your next save will replace their version.");
    }
  }
}
