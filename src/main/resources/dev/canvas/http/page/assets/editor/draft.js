// What is being edited: a list of items, what it was and what it may be again, and what the store has of it.
// Items are frozen objects with a `key` of this page's own; which key has which id in the store is kept beside
// them, so that undoing goes on across a save: what the store no longer knows is new to it.

import { bare, changed } from "./item.js";

const MOST_STEPS = 200;

export class Draft {
  #items = [];
  #past = [];
  #future = [];
  #step = null;
  #ids = new Map();
  #known = new Set();
  #stored = null;
  #before = undefined;
  #version = null;
  #nextKey = 1;
  #tell;

  /** @param changed called after every change of anything here */
  constructor(changed) {
    this.#tell = changed;
  }

  get items() {
    return this.#items;
  }

  /** The version that the store had when it was last asked; null where it has no media. */
  get version() {
    return this.#version;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Whether there was a save that can be taken back. */
  get canUnsave() {
    return this.#before !== undefined && !this.isChanged;
  }

  /** Whether the store has anything else. */
  get isChanged() {
    return this.#stored === null ? this.#items.length > 0 : this.#text(this.#items) !== this.#text(this.#stored);
  }

  /** The items as the API takes them: without ids that the store would not know. */
  toMedia() {
    return this.#items.map((item) => {
      const id = this.#ids.get(item.key);
      return { ...(this.#known.has(id) ? { id } : {}), ...bare(item) };
    });
  }

  /** Begins with what the store has, a document or null. */
  open(document) {
    this.#adopt(document);
    this.#items = this.#stored ?? [];
    this.#tell();
  }

  /** What the store has now, learnt in a conflict; what is edited stays, and is recognised in it. */
  meet(document) {
    const without = this.#items.filter(({ key }) => !this.#ids.has(key));
    const ids = new Set(this.#ids.values());
    for (const { id, ...attributes } of document?.media ?? []) {
      const text = JSON.stringify(bare(attributes));
      const same = ids.has(id) ? -1 : without.findIndex((item) => JSON.stringify(bare(item)) === text);
      if (same >= 0) {
        this.#ids.set(without.splice(same, 1)[0].key, id);
      }
    }
    this.#adopt(document);
    this.#tell();
  }

  /** The items, each with the id that the store has, or had, for it. */
  identified() {
    return this.#items.map((item) => ({ id: this.#ids.get(item.key), ...bare(item) }));
  }

  /** Gives up what is edited for what the store has; undoing brings it back. */
  takeStored() {
    this.#to(this.#stored ?? []);
  }

  /** What was sent is stored now. */
  saved(sent, document) {
    const before = this.#stored;
    document.media.forEach((item, index) => this.#ids.set(sent[index].key, item.id));
    this.#known = new Set(document.media.map((item) => item.id));
    this.#version = document.version;
    this.#stored = sent;
    // A size that was noted meanwhile is no change that anybody made.
    this.#items = this.#items.map((item) => sent.find((was) => isSized(was, item)) ?? item);
    this.#before = before;
    this.#step = null;
    this.#tell();
  }

  /** All media were deleted from the store. */
  deleted() {
    this.#known.clear();
    this.#version = null;
    this.#before = undefined;
    this.#stored = null;
    this.#tell();
  }

  /** Back to what the store had before the last save: to be saved. False where it had no media. */
  unsave() {
    const before = this.#before;
    this.#before = undefined;
    this.#to(before ?? []);
    return before !== null;
  }

  /** Adds an item at the end; returns its key. */
  add(attributes) {
    const item = this.#item(attributes);
    this.#to([...this.#items, item]);
    return item.key;
  }

  remove(key) {
    this.#to(this.#items.filter((item) => item.key !== key));
  }

  /** Moves an item to a place among the others; whether it stands elsewhere now. */
  move(key, index) {
    const from = this.#items.findIndex((item) => item.key === key);
    const to = Math.max(0, Math.min(index, this.#items.length - 1));
    if (from < 0 || from === to) {
      return false;
    }
    const items = [...this.#items];
    items.splice(to, 0, ...items.splice(from, 1));
    this.#to(items);
    return true;
  }

  /** Changes an attribute. Typing in one field is one step. */
  edit(key, name, value) {
    const items = this.#items.map((item) => (item.key === key ? changed(item, name, value) : item));
    this.#to(items, `${key} ${name}`);
  }

  /** Notes the size of a file that was added without: no step of its own, and not one for what the store has. */
  measure(key, width, height) {
    const unsized = (item) => item.key === key && !this.#ids.has(key) && !item.width && width > 0 && height > 0;
    if (this.#items.some(unsized)) {
      this.#items = this.#items.map((item) => (unsized(item) ? Object.freeze({ ...item, width, height }) : item));
      this.#tell();
    }
  }

  undo() {
    this.#swap(this.#past, this.#future);
  }

  redo() {
    this.#swap(this.#future, this.#past);
  }

  #swap(from, to) {
    if (from.length > 0) {
      to.push(this.#items);
      this.#items = from.pop();
      this.#step = null;
      this.#tell();
    }
  }

  #to(items, step = null) {
    if (this.#text(items) === this.#text(this.#items)) {
      return;
    }
    if (step === null || step !== this.#step) {
      this.#past.push(this.#items);
      this.#past.splice(0, this.#past.length - MOST_STEPS);
    }
    this.#step = step;
    this.#future = [];
    this.#items = items;
    this.#tell();
  }

  #adopt(document) {
    const keys = new Map([...this.#ids].map(([key, id]) => [id, key]));
    const items = (document?.media ?? []).map(({ id, ...attributes }) => {
      const item = this.#item(attributes, keys.get(id));
      this.#ids.set(item.key, id);
      return item;
    });
    this.#known = new Set((document?.media ?? []).map((item) => item.id));
    this.#version = document?.version ?? null;
    this.#stored = document ? items : null;
    this.#before = undefined;
  }

  #item(attributes, key = this.#nextKey++) {
    return Object.freeze({ ...attributes, key });
  }

  #text(items) {
    return JSON.stringify(items.map((item) => [item.key, bare(item)]));
  }
}

/** Whether an item is the same as before, but for a size that was not known then. */
function isSized(was, item) {
  const same = was.key === item.key && !was.width && item.width;
  return same && JSON.stringify(bare({ ...item, width: null, height: null })) === JSON.stringify(bare(was));
}
