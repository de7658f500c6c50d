// The editor of a product's media: connects the parts, saves, and reports the outcome.

import { Adder } from "./adder.js";
import { Api } from "./api.js";
import { Conflict } from "./conflict.js";
import { Credential } from "./credential.js";
import { Draft } from "./draft.js";
import { bare } from "./item.js";
import { List } from "./list.js";
import { itemName } from "./media.js";

const editor = document.querySelector(".editor");
const part = (selector) => editor.querySelector(selector);

const credential = new Credential(part(".credential"), editor.dataset.open === "true");
const api = new Api(editor.dataset.product, () => credential.value);
const draft = new Draft(show);
const list = new List(part(".items"), part("#row"), draft, say, () => adder.focus());
const conflict = new Conflict(part(".conflict"));
const adder = new Adder(part(".adder"), (attributes) => {
  draft.add(attributes);
  say(`Added ${itemName(attributes, draft.items.length - 1)} at the end.`);
});
let saving = false;

function show() {
  const items = draft.items;
  list.show();
  part(".count").textContent = items.length === 1 ? "1 item" : `${items.length} items`;
  part(".no-items").hidden = items.length > 0;
  part("product-canvas").document = {
    product_id: Number(editor.dataset.product),
    version: draft.version ?? 0,
    media: items.map((item) => ({ id: item.key, ...bare(item) })),
  };
  part(".dock").dataset.state = saving ? "saving" : draft.isChanged ? "changed" : "saved";
  setEnabled(".undo", draft.canUndo);
  setEnabled(".redo", draft.canRedo);
  setEnabled(".save", draft.isChanged && !saving);
  part(".undo-save").hidden = !draft.canUndoSave;
}

// Uses aria-disabled, because a disabled button would lose the focus.
function setEnabled(selector, enabled) {
  part(selector).setAttribute("aria-disabled", String(!enabled));
}

function say(text) {
  part(".message").textContent = text;
}

function warn(text) {
  part(".banner").textContent = text;
  part(".banner").hidden = text === "";
}

async function open() {
  warn("");
  const answer = await api.read();
  if (answer.outcome === "failed") {
    warn(`The pictures and videos could not be loaded. ${answer.detail} Reload the page to try again.`);
    return;
  }
  draft.open(answer.document);
  part(".workbench").hidden = false;
  part(".dock").hidden = false;
  say(answer.document ? "No changes yet." : "This product has no pictures or videos yet.");
}

async function save() {
  if (saving || !draft.isChanged) {
    return;
  }
  if (credential.isMissing) {
    credential.refuse("Enter a key or a token to save.");
    return;
  }
  await write((sent) => api.write(draft.toMedia(), draft.version).then((answer) => afterWrite(answer, sent)));
}

async function undoSave() {
  const mediaBefore = draft.undoSave();
  await write((sent) =>
    (mediaBefore ? api.write(draft.toMedia(), draft.version) : api.remove(draft.version)).then((answer) =>
      afterWrite(answer, sent, "Save undone."),
    ),
  );
}

async function write(send) {
  saving = true;
  warn("");
  say("Saving…");
  show();
  const next = await send(draft.items);
  saving = false;
  show();
  next?.();
}

/** Applies an answer to the draft; returns what to do once saving has ended. */
function afterWrite(answer, sent, done = "Saved.") {
  switch (answer.outcome) {
    case "saved":
      list.clearErrors();
      draft.saved(sent, answer.document);
      return () => say(`${done} Everyone can see it now.`);
    case "deleted":
      draft.deleted();
      return () => say(`${done} The product has no pictures or videos again.`);
    case "conflict":
      return resolveConflict;
    case "invalid":
      return () => showErrors(sent, answer);
    case "refused":
      return () => {
        say("Not saved.");
        warn(`Not saved. ${answer.detail}`);
        credential.refuse(answer.detail);
      };
    default:
      return () => {
        say("Not saved.");
        warn(
          answer.unknown
            ? `We do not know whether this was saved. ${answer.detail} It is safe to save again.`
            : `Not saved. ${answer.detail}`,
        );
      };
  }
}

function showErrors(sent, answer) {
  const rest = list.showErrors(sent, answer.errors);
  const count = answer.errors.length;
  say(`Not saved: please fix ${count} ${count === 1 ? "error" : "errors"}.`);
  if (rest.length > 0 || count === 0) {
    warn(`Not saved. ${rest.join("; ") || answer.detail}`);
  }
}

async function resolveConflict() {
  const answer = await api.read();
  if (answer.outcome === "failed") {
    warn(`Not saved: someone else changed this product, and their version could not be loaded. ${answer.detail}`);
    return;
  }
  draft.rebase(answer.document);
  if (!draft.isChanged) {
    say("Already saved: the service has the same version.");
    return;
  }
  say("Not saved: someone else changed this product.");
  const choice = await conflict.ask(draft.identified(), answer.document?.media ?? null);
  if (choice === "take") {
    draft.takeStored();
    say("You now have their version. Undo brings yours back.");
  } else if (choice === "keep") {
    await save();
  } else {
    say("Not saved. Your next save will replace their version.");
  }
  part(".save").focus();
}

function undoOrRedo(undo) {
  if (undo ? draft.canUndo : draft.canRedo) {
    undo ? draft.undo() : draft.redo();
    say(undo ? "Undone." : "Redone.");
  }
}

part(".save").addEventListener("click", save);
part(".undo-save").addEventListener("click", undoSave);
part(".undo").addEventListener("click", () => undoOrRedo(true));
part(".redo").addEventListener("click", () => undoOrRedo(false));

addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["s", "z", "y"].includes(letter)) {
    return;
  }
  const typing = event.target.matches("input:not([type=checkbox], [type=radio])") && !event.target.closest(".items");
  if (part(".conflict").open || (typing && letter !== "s")) {
    return;
  }
  event.preventDefault();
  if (letter === "s") {
    save();
  } else {
    undoOrRedo(letter === "z" && !event.shiftKey);
  }
});

addEventListener("beforeunload", (event) => {
  if (draft.isChanged) {
    event.preventDefault();
  }
});

open();
