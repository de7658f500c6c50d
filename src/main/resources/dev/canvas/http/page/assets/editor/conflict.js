// Shows two versions of a product side by side and lets the person choose one, or items of both.

import { readable } from "./host.js";
import { itemName, fileName, showThumb } from "./media.js";
import { bare } from "./item.js";

export class Conflict {
  #dialog;
  #note;
  #hint;

  constructor(dialog) {
    this.#dialog = dialog;
    this.#note = dialog.querySelector("#conflict-note");
    this.#hint = this.#note.textContent;
  }

  /**
   * Asks which version, or which items of both, to keep.
   *
   * @param mine the edited items, with their ids in the store
   * @param theirs the items in the store, or null if all were deleted
   * @return a promise of a `choice`, which is `keep`, `take` or `back`, and of the `items` to keep
   */
  ask(mine, theirs) {
    this.#note.textContent = theirs === null ? `They deleted everything. ${this.#hint}` : this.#hint;
    const picks = new Picks(mine, theirs ?? []);
    this.#show(".mine", mine, theirs ?? [], "only yours", picks);
    this.#show(".theirs", theirs ?? [], mine, "only theirs", picks);
    const keep = this.#dialog.querySelector(".keep");
    keep.textContent = "Save mine instead";
    return new Promise((resolve) => {
      const ended = new AbortController();
      const end = (choice) => {
        ended.abort();
        this.#dialog.close();
        resolve({ choice, items: picks.merged() });
      };
      for (const choice of ["keep", "take", "back"]) {
        this.#dialog.querySelector(`.${choice}`).addEventListener("click", () => end(choice), ended);
      }
      this.#dialog.addEventListener(
        "change",
        () => {
          keep.textContent = picks.isMine ? "Save mine instead" : "Save the chosen items";
        },
        ended,
      );
      this.#dialog.addEventListener(
        "cancel",
        (event) => {
          event.preventDefault();
          end("back");
        },
        ended,
      );
      this.#dialog.showModal();
      this.#dialog.querySelector(".back").focus();
    });
  }

  #show(selector, items, others, alone, picks) {
    const order = items.filter(({ id }) => others.some((other) => other.id === id)).map(({ id }) => id);
    const otherOrder = others.filter(({ id }) => order.includes(id)).map(({ id }) => id);
    const entries = items.map((item, index) => {
      const other = others.find(({ id }) => id !== undefined && id === item.id);
      const moved = order.indexOf(item.id) !== otherOrder.indexOf(item.id);
      const changed = other ? differences(item, other) : [];
      const mark = !other ? alone : [...changed, ...(moved ? ["order"] : [])].join(", ");
      const element = entry(item, index, mark);
      if (!other || changed.length > 0) {
        element.append(picks.control(item, other, itemName(item, index)));
      }
      return element;
    });
    const list = this.#dialog.querySelector(selector);
    list.replaceChildren(...(entries.length > 0 ? entries : [emptyEntry()]));
  }
}

/** What is kept of both versions: at first all of mine. Of two versions of an item, one is kept. */
class Picks {
  #mine;
  #theirs;
  #boxes = new Map();

  constructor(mine, theirs) {
    this.#mine = mine;
    this.#theirs = theirs;
  }

  /** Whether exactly my items are kept. */
  get isMine() {
    return [...this.#boxes].every(([item, box]) => box.checked === this.#mine.includes(item));
  }

  /** A checkbox that decides whether an item is kept. */
  control(item, other, name) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    const isMine = this.#mine.includes(item);
    box.type = "checkbox";
    box.checked = isMine;
    box.setAttribute("aria-label", `Use ${isMine ? "your" : "their"} ${name}`);
    box.addEventListener("change", () => {
      if (other) {
        this.#boxes.get(other).checked = !box.checked;
      }
    });
    this.#boxes.set(item, box);
    label.className = "check pick";
    label.append(box, "Use");
    return label;
  }

  /** The items that are kept, in my order; theirs alone follow the item that they follow in their version. */
  merged() {
    const isKept = (item) => this.#boxes.get(item)?.checked ?? true;
    const counterpart = (item) => this.#theirs.find(({ id }) => id !== undefined && id === item.id);
    const items = this.#mine.flatMap((item) => {
      const other = counterpart(item);
      return isKept(item) ? [item] : other ? [{ ...other, key: item.key }] : [];
    });
    this.#theirs.forEach((item, index) => {
      if (!this.#mine.some(({ id }) => id === item.id) && isKept(item)) {
        const before = items.findIndex(({ id }) => id !== undefined && id === this.#theirs[index - 1]?.id);
        items.splice(before < 0 && index > 0 ? items.length : before + 1, 0, item);
      }
    });
    return items;
  }
}

function differences(item, other) {
  const [one, two] = [bare(item), bare(other)];
  const names = new Set([...Object.keys(one), ...Object.keys(two)]);
  const words = { alt: "text", url: "address" };
  return [...names]
    .filter((name) => JSON.stringify(one[name]) !== JSON.stringify(two[name]))
    .map((name) => words[name] ?? name);
}

function entry(item, index, mark) {
  const element = document.createElement("li");
  const thumb = document.createElement("div");
  const text = document.createElement("div");
  thumb.className = "thumb";
  showThumb(thumb, item);
  text.append(line("", itemName(item, index)), line("quiet", fileName(readable(item.url ?? ""))));
  if (mark) {
    element.dataset.differs = "";
    text.append(line("mark", `Different: ${mark}`));
  }
  element.append(thumb, text);
  return element;
}

function emptyEntry() {
  const element = document.createElement("li");
  element.append(line("quiet", "No pictures or videos"));
  return element;
}

function line(className, text) {
  const paragraph = document.createElement("p");
  Object.assign(paragraph, { className, textContent: text });
  return paragraph;
}
