// The editor of a product's media: wires the parts, saves, and tells how it went.

import { Adder } from "./adder.js";
import { Api } from "./api.js";
import { Conflict } from "./conflict.js";
import { Credential } from "./credential.js";
import { Draft } from "./draft.js";
import { bare } from "./item.js";
import { List } from "./list.js";
import { called } from "./media.js";

const editor = document.querySelector(".editor");
const part = (selector) => editor.querySelector(selector);

const credential = new Credential(part(".credential"), editor.dataset.open === "true");
const api = new Api(editor.dataset.product, () => credential.value);
const draft = new Draft(show);
const list = new List(part(".items"), part("#row"), draft, say, () => adder.focus());
const conflict = new Conflict(part(".conflict"));
const adder = new Adder(part(".adder"), (attributes) => {
  draft.add(attributes);
  say(`Added ${called(attributes, draft.items.length - 1)} at the end.`);
});
let saving = false;

function show() {
  const items = draft.items;
  list.show();
  part(".count").textContent = items.length === 1 ? "1 item" : `${items.length} items`;
  part(".vacant").hidden = items.length > 0;
  part("product-canvas").document = {
    product_id: Number(editor.dataset.product),
    version: draft.version ?? 0,
    media: items.map((item) => ({ id: item.key, ...bare(item) })),
  };
  part(".dock").dataset.state = saving ? "saving" : draft.isChanged ? "changed" : "saved";
  available(".undo", draft.canUndo);
  available(".redo", draft.canRedo);
  available(".save", draft.isChanged && !saving);
  part(".unsave").hidden = !draft.canUnsave;
}

// Not disabled: whoever has the focus on it keeps it.
function available(selector, whether) {
  part(selector).setAttribute("aria-disabled", String(!whether));
}

function say(text) {
  part(".said").textContent = text;
}

function warn(text) {
  part(".banner").textContent = text;
  part(".banner").hidden = text === "";
}

async function open() {
  warn("");
  const answer = await api.read();
  if (answer.outcome === "failed") {
    warn(`The media cannot be read. ${answer.detail} Reload the page to try again.`);
    return;
  }
  draft.open(answer.document);
  part(".workbench").hidden = false;
  part(".dock").hidden = false;
  say(answer.document ? "Nothing changed yet." : "This product has no media yet.");
}

async function save() {
  if (saving || !draft.isChanged) {
    return;
  }
  if (credential.isMissing) {
    credential.refuse("Saving needs a key or a token.");
    return;
  }
  await write((sent) => api.write(draft.toMedia(), draft.version).then((answer) => told(answer, sent)));
}

async function unsave() {
  const mediaBefore = draft.unsave();
  await write((sent) =>
    (mediaBefore ? api.write(draft.toMedia(), draft.version) : api.remove(draft.version)).then((answer) =>
      told(answer, sent, "The save is undone."),
    ),
  );
}

async function write(send) {
  saving = true;
  warn("");
  say("Saving …");
  show();
  const next = await send(draft.items);
  saving = false;
  show();
  next?.();
}

/** What to do after an answer, once nothing is being saved any more. */
function told(answer, sent, done = "Saved.") {
  switch (answer.outcome) {
    case "saved":
      list.forgive();
      draft.saved(sent, answer.document);
      return () => say(`${done} Everybody sees it now.`);
    case "deleted":
      draft.deleted();
      return () => say(`${done} The product has no media again.`);
    case "conflict":
      return settle;
    case "invalid":
      return () => blame(sent, answer);
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
            ? `It is not known whether this was saved. ${answer.detail} Saving once more does no harm.`
            : `Not saved. ${answer.detail}`,
        );
      };
  }
}

function blame(sent, answer) {
  const rest = list.blame(sent, answer.errors);
  const count = answer.errors.length;
  say(`Not saved: ${count} ${count === 1 ? "thing is" : "things are"} to be mended.`);
  if (rest.length > 0 || count === 0) {
    warn(`Not saved. ${rest.join("; ") || answer.detail}`);
  }
}

async function settle() {
  const answer = await api.read();
  if (answer.outcome === "failed") {
    warn(`Not saved: someone changed it meanwhile, and theirs cannot be read. ${answer.detail}`);
    return;
  }
  draft.meet(answer.document);
  if (!draft.isChanged) {
    say("Saved already: the service has the same.");
    return;
  }
  say("Not saved: someone changed it meanwhile.");
  const choice = await conflict.ask(draft.identified(), answer.document?.media ?? null);
  if (choice === "take") {
    draft.takeStored();
    say("These are theirs. Undo brings yours back.");
  } else if (choice === "keep") {
    await save();
  } else {
    say("Not saved. The next save replaces theirs.");
  }
  part(".save").focus();
}

function step(back) {
  if (back ? draft.canUndo : draft.canRedo) {
    back ? draft.undo() : draft.redo();
    say(back ? "Undone." : "Done again.");
  }
}

part(".save").addEventListener("click", save);
part(".unsave").addEventListener("click", unsave);
part(".undo").addEventListener("click", () => step(true));
part(".redo").addEventListener("click", () => step(false));

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
    step(letter === "z" && !event.shiftKey);
  }
});

addEventListener("beforeunload", (event) => {
  if (draft.isChanged) {
    event.preventDefault();
  }
});

open();
