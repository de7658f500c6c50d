// The editor of a product's media: connects its parts.

import { Adder } from "./adder.js";
import { Api } from "./api.js";
import { Conflict } from "./conflict.js";
import { Credential } from "./credential.js";
import { Draft } from "./draft.js";
import { bare } from "./item.js";
import { takeAddresses } from "./drop.js";
import { FocalPoint } from "./focal.js";
import { List } from "./list.js";
import { isHttpsOnly, itemName } from "./media.js";
import { missingOf, showMissing } from "./review.js";
import { Selection } from "./selection.js";
import { Saving } from "./saving.js";
import { follow } from "../product-canvas/live.js";
import { Status } from "./status.js";

/** The pauses between attempts to read the product, in ms: each is twice as long as the one before. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

const editor = document.querySelector(".editor");
const part = (selector) => editor.querySelector(selector);

const status = new Status(part(".dock"));
const credential = new Credential(part(".credential"), editor.dataset.open === "true");
const api = new Api(editor.dataset.product, () => credential.value);
const draft = new Draft(show);
const selection = new Selection(part(".selection"));
const list = new List(part(".items"), part("#row"), draft, selection, {
  say: (text) => status.say(text),
  emptied: () => adder.focus(),
  picture: (key) => (list.isGrid ? lead(key, "alt") : setFocalPoint(key)),
  settled: review,
});
const focalPoint = new FocalPoint(part(".focal"));
const adder = new Adder(part(".adder"), { httpsOnly: isHttpsOnly(), add, changed: () => update(true) });
const saving = new Saving({
  api,
  draft,
  list,
  adder,
  credential,
  status,
  conflict: new Conflict(part(".conflict")),
  focusSave: () => part(".save").focus(),
});

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
  part(".sheet-tools").hidden = items.length < 2;
  part(".of-order").hidden = items.length < 2;
  review();
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
  setEnabled(".save", changed && !saving.isRunning);
  part(".undo-save").hidden = !draft.canUndoSave;
}

/** Lists what is missing, each entry with a way to its field. */
function review() {
  showMissing(part(".review"), missingOf(draft.items, list.failed), lead);
}

function lead(key, field) {
  view("list");
  list.focus(key, field);
}

function view(name) {
  list.view(name);
  for (const button of editor.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", String(button.value === name));
  }
}

async function setFocalPoint(key) {
  const { url, focal } = draft.items.find((item) => item.key === key);
  const point = await focalPoint.ask(url, focal);
  draft.edit(key, "focal", point ?? undefined);
  list.focus(key, "picture");
}

/** Moves or deletes the selected items. */
function changeSelected(change) {
  const keys = selection.among(draft.items);
  const what = keys.length === 1 ? "1 item" : `${keys.length} items`;
  if (change === "delete") {
    draft.remove(...keys);
    status.say(`Deleted ${what}. Undo brings them back.`);
  } else if (change !== "clear") {
    draft.move(keys, change === "front" ? 0 : draft.items.length);
    status.say(`Moved ${what} to the ${change}.`);
  }
  if (change === "clear" || change === "delete") {
    selection.clear();
    list.show();
    part(".select-all").focus();
  }
}

// Uses aria-disabled, because a disabled button would lose the focus.
function setEnabled(selector, enabled) {
  part(selector).setAttribute("aria-disabled", String(!enabled));
}

/** Reads again and again, as a service that is busy or starts does not answer every time. */
async function read() {
  const banner = part(".banner");
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const answer = await api.read();
    banner.hidden = answer.outcome !== "failed";
    if (banner.hidden) {
      return answer;
    }
    const text = `The pictures and videos could not be loaded. ${answer.detail} Trying again.`;
    if (banner.textContent !== text) {
      banner.textContent = text; // read out once, not at each attempt
    }
    await new Promise((over) => setTimeout(over, pause));
  }
}

async function open() {
  const answer = await read();
  draft.open(answer.document);
  follow(`${location.origin}/`, editor.dataset.product, ({ version }) => saving.hear(version));
  part(".workbench").hidden = false;
  part(".dock").hidden = false;
  if (!answer.document) {
    status.say("This product has no pictures or videos yet.");
  } else if (draft.unreadable > 0) {
    const what = draft.unreadable === 1 ? "An item" : `${draft.unreadable} items`;
    status.say(`${what} in the store could not be read and would be replaced by a save.`);
  }
}

function undoOrRedo(undo) {
  if (undo ? draft.canUndo : draft.canRedo) {
    undo ? draft.undo() : draft.redo();
    status.say(undo ? "Undone." : "Redone.");
  }
}

part(".views").addEventListener("click", ({ target }) => target.value && view(target.value));
part(".selection").addEventListener("click", ({ target }) => target.value && changeSelected(target.value));
part(".select-all").addEventListener("click", () => {
  selection.all(draft.items);
  list.show();
});
takeAddresses(
  part(".workbench"),
  (text) => adder.take(text),
  (reason) => status.say(reason),
);
part(".save").addEventListener("click", () => saving.save());
part(".compare").addEventListener("click", () => saving.resolveConflict());
part(".undo-save").addEventListener("click", () => saving.undoSave());
part(".undo").addEventListener("click", () => undoOrRedo(true));
part(".redo").addEventListener("click", () => undoOrRedo(false));

addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["s", "z", "y"].includes(letter)) {
    return;
  }
  const field = event.target.matches("textarea, input:not([type=checkbox], [type=radio])");
  const typing = field && !event.target.closest(".items");
  if (part("dialog[open]") || (typing && letter !== "s")) {
    return;
  }
  event.preventDefault();
  if (letter === "s") {
    saving.save();
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
