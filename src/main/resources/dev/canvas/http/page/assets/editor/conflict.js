// Shows two versions of a product side by side and lets the person choose one.

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
   * Asks which version to keep.
   *
   * @param mine the edited items, with their ids in the store
   * @param theirs the items in the store, or null if all were deleted
   * @return a promise of `keep`, `take` or `back`
   */
  ask(mine, theirs) {
    this.#note.textContent = theirs === null ? `They deleted everything. ${this.#hint}` : this.#hint;
    this.#show(".mine", mine, theirs ?? [], "only yours");
    this.#show(".theirs", theirs ?? [], mine, "only theirs");
    return new Promise((resolve) => {
      const ended = new AbortController();
      const end = (choice) => {
        ended.abort();
        this.#dialog.close();
        resolve(choice);
      };
      for (const choice of ["keep", "take", "back"]) {
        this.#dialog.querySelector(`.${choice}`).addEventListener("click", () => end(choice), ended);
      }
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

  #show(selector, items, others, alone) {
    const order = items.filter(({ id }) => others.some((other) => other.id === id)).map(({ id }) => id);
    const otherOrder = others.filter(({ id }) => order.includes(id)).map(({ id }) => id);
    const entries = items.map((item, index) => {
      const other = others.find(({ id }) => id !== undefined && id === item.id);
      const moved = order.indexOf(item.id) !== otherOrder.indexOf(item.id);
      const mark = !other ? alone : [...differences(item, other), ...(moved ? ["order"] : [])].join(", ");
      return entry(item, index, mark);
    });
    const list = this.#dialog.querySelector(selector);
    list.replaceChildren(...(entries.length > 0 ? entries : [emptyEntry()]));
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
  text.append(line("", itemName(item, index)), line("quiet", fileName(item.url ?? "")));
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
