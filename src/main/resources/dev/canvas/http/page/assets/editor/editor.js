// The editor of a product's media: connects the parts, saves, and reports the outcome.

import { Adder } from "./adder.js";
import { Api } from "./api.js";
import { Conflict } from "./conflict.js";
import { Credential } from "./credential.js";
import { Draft } from "./draft.js";
import { bare, readItems } from "./item.js";
import { List } from "./list.js";
import { isHttpsOnly, itemName } from "./media.js";
import { Status } from "./status.js";

const editor = document.querySelector(".editor");
const part = (selector) => editor.querySelector(selector);

const status = new Status(part(".dock"));
const credential = new Credential(part(".credential"), editor.dataset.open === "true");
const api = new Api(editor.dataset.product, () => credential.value);
const draft = new Draft(show);
const list = new List(part(".items"), part("#row"), draft, (text) => status.say(text), () => adder.focus());
const conflict = new Conflict(part(".conflict"));
const adder = new Adder(part(".adder"), { httpsOnly: isHttpsOnly(), add, changed: () => update(true) });
let saving = false;

function add(items) {
  const added = draft.add(items);
  const name = added === 1 ? itemName(items[0], draft.items.length - 1) : `${added} items`;
  status.say(added > 0 ? `Added ${name} at the end.` : "");
  return added;
}

/** @param edited whether the person has just changed the draft */
function show(edited = false) {
  const items = draft.items;
  list.show();
  part(".count").textContent = items.length === 1 ? "1 item" : `${items.length} items`;
  part(".no-items").hidden = items.length > 0;
  part("product-canvas").document = {
    product_id: Number(editor.dataset.product),
    version: draft.version ?? 0,
    media: items.map((item) => ({ id: item.key, ...bare(item) })),
  };
  update(edited);
}

function update(edited) {
  const changed = draft.isChanged || adder.isPending;
  status.update(changed, edited);
  setEnabled(".undo", draft.canUndo);
  setEnabled(".redo", draft.canRedo);
  setEnabled(".save", changed && !saving);
  part(".undo-save").hidden = !draft.canUndoSave;
}

// Uses aria-disabled, because a disabled button would lose the focus.
function setEnabled(selector, enabled) {
  part(selector).setAttribute("aria-disabled", String(!enabled));
}

async function open() {
  const answer = await api.read();
  if (answer.outcome === "failed") {
    part(".banner").textContent =
      `The pictures and videos could not be loaded. ${answer.detail} Reload the page to try again.`;
    part(".banner").hidden = false;
    return;
  }
  draft.open(answer.document);
  part(".workbench").hidden = false;
  part(".dock").hidden = false;
  if (!answer.document) {
    status.say("This product has no pictures or videos yet.");
  } else if (draft.unreadable > 0) {
    const what = draft.unreadable === 1 ? "An item" : `${draft.unreadable} items`;
    status.say(`${what} in the store could not be read and would be replaced by a save.`);
  }
}

async function save() {
  if (saving || !(draft.isChanged || adder.isPending)) {
    return;
  }
  if (!adder.submit()) {
    status.failed("refused", "What you entered under “Add” cannot be added. Correct or clear it.");
    adder.focus();
    return;
  }
  if (credential.fault) {
    status.failed("refused", credential.fault);
    credential.refuse(credential.fault);
    return;
  }
  await write((sent) => api.write(draft.toMedia(), draft.version).then((answer) => afterWrite(answer, sent)));
}

async function undoSave() {
  const mediaBefore = draft.undoSave();
  await write((sent) =>
    (mediaBefore ? api.write(draft.toMedia(), draft.version) : api.remove(draft.version)).then((answer) =>
      afterWrite(answer, sent, "The last save is undone."),
    ),
  );
}

async function write(send) {
  saving = true;
  status.saving();
  show();
  const next = await send(draft.items);
  saving = false;
  next();
  update(false);
}

/** Applies an answer to the draft; returns what to do once saving has ended. */
function afterWrite(answer, sent, done = "") {
  switch (answer.outcome) {
    case "saved":
      list.clearErrors();
      draft.saved(sent, answer.document);
      return () => status.saved(done && `${done} Everyone can see it.`);
    case "deleted":
      draft.deleted();
      return () => status.saved(`${done} The product has no pictures or videos again.`);
    case "conflict":
      return resolveConflict;
    case "invalid":
      return () => showErrors(sent, answer);
    case "refused":
      return () => {
        status.failed("refused", answer.detail);
        credential.refuse(answer.detail);
      };
    default:
      return () =>
        status.failed(
          answer.offline ? "offline" : "refused",
          answer.unknown
            ? `We do not know whether this was saved. ${answer.detail} It is safe to save again.`
            : answer.detail,
        );
  }
}

function showErrors(sent, answer) {
  const rest = list.showErrors(sent, answer.errors);
  const count = answer.errors.length;
  const reason = count === 0 ? answer.detail : `Please fix ${count} ${count === 1 ? "error" : "errors"}`;
  status.failed("refused", rest.length > 0 ? `${reason}: ${rest.join("; ")}.` : count > 0 ? `${reason}.` : reason);
}

async function resolveConflict() {
  status.failed("conflict", "Someone else changed this product.");
  const answer = await api.read();
  if (answer.outcome === "failed") {
    status.failed(
      "conflict",
      `Someone else changed this product, and their version could not be loaded. ${answer.detail}`,
    );
    return;
  }
  draft.rebase(answer.document);
  if (!draft.isChanged) {
    status.saved("The service already has this version.");
    return;
  }
  const choice = await conflict.ask(draft.identified(), answer.document ? readItems(answer.document).items : null);
  if (choice === "take") {
    draft.takeStored();
    status.saved("You now have their version. Undo brings yours back.");
  } else if (choice === "keep") {
    await save();
  } else {
    status.failed("conflict", "Someone else changed this product. Your next save will replace their version.");
  }
  part(".save").focus();
}

function undoOrRedo(undo) {
  if (undo ? draft.canUndo : draft.canRedo) {
    undo ? draft.undo() : draft.redo();
    status.say(undo ? "Undone." : "Redone.");
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
  const field = event.target.matches("textarea, input:not([type=checkbox], [type=radio])");
  const typing = field && !event.target.closest(".items");
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
  if (draft.isChanged || adder.isPending) {
    event.preventDefault();
  }
});

open();
