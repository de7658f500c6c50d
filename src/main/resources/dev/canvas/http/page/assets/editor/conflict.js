// Shows two states of a product side by side, and has a person choose.

import { called, fileName, showThumb } from "./media.js";
import { bare } from "./item.js";

export class Conflict {
  #dialog;
  #note;
  #told;

  constructor(dialog) {
    this.#dialog = dialog;
    this.#note = dialog.querySelector("#conflict-note");
    this.#told = this.#note.textContent;
  }

  /**
   * Asks which is to be.
   *
   * @param mine items as they would be saved, with the ids that the store has given
   * @param theirs items of the store, or null where all were deleted
   * @return a promise of `keep`, `take` or `back`
   */
  ask(mine, theirs) {
    this.#note.textContent = theirs === null ? `They deleted all of it. ${this.#told}` : this.#told;
    this.#show(".mine", mine, theirs ?? [], "only yours");
    this.#show(".theirs", theirs ?? [], mine, "only theirs");
    return new Promise((choose) => {
      const ended = new AbortController();
      const end = (choice) => {
        ended.abort();
        this.#dialog.close();
        choose(choice);
      };
      for (const choice of ["keep", "take", "back"]) {
        this.#dialog.querySelector(`.${choice}`).addEventListener("click", () => end(choice), ended);
      }
      this.#dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        end("back");
      }, ended);
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
    list.replaceChildren(...(entries.length > 0 ? entries : [nothing()]));
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
  text.append(line("", called(item, index)), line("quiet", fileName(item.url ?? "")));
  if (mark) {
    element.dataset.differs = "";
    text.append(line("mark", `Differs: ${mark}`));
  }
  element.append(thumb, text);
  return element;
}

function nothing() {
  const element = document.createElement("li");
  element.append(line("quiet", "No pictures or videos"));
  return element;
}

function line(className, text) {
  const paragraph = document.createElement("p");
  Object.assign(paragraph, { className, textContent: text });
  return paragraph;
}
