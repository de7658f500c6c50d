// The edited items with their undo history, and the version that the store has. Items are frozen objects with a
// local `key`. Their ids in the store are kept separately, so that undo works across saves: an item that the store
// has deleted is sent without an id and becomes a new one.

import { bare, readItems, withAttribute } from "./item.js";

const MAX_UNDO_STEPS = 200;
const MAX_ITEMS = 50;

export class Draft {
  #items = [];
  #undoStack = [];
  #redoStack = [];
  #lastEdit = null;
  #ids = new Map();
  #storedIds = new Set();
  #stored = null;
  #beforeSave = undefined;
  #version = null;
  #unreadable = 0;
  #nextKey = 1;
  #notify;

  /** @param listener called after every change, with whether the person made it */
  constructor(listener) {
    this.#notify = listener;
  }

  get items() {
    return this.#items;
  }

  /** The version in the store when it was last read; null if the product had no media. */
  get version() {
    return this.#version;
  }

  get canUndo() {
    return this.#undoStack.length > 0;
  }

  get canRedo() {
    return this.#redoStack.length > 0;
  }

  /** Whether the last save can be undone. */
  get canUndoSave() {
    return this.#beforeSave !== undefined && !this.isChanged;
  }

  /** The number of items in the store that cannot be read; a save replaces them. */
  get unreadable() {
    return this.#unreadable;
  }

  /** Whether the draft differs from the store. */
  get isChanged() {
    return this.#stored === null
      ? this.#items.length > 0
      : this.#unreadable > 0 || this.#serialize(this.#items) !== this.#serialize(this.#stored);
  }

  /** The items for the API, without ids that the store does not have. */
  toMedia() {
    return this.#items.map((item) => {
      const id = this.#ids.get(item.key);
      return { ...(this.#storedIds.has(id) ? { id } : {}), ...bare(item) };
    });
  }

  /** Starts from the document in the store, or null. */
  open(document) {
    this.#setStored(document);
    this.#items = this.#stored ?? [];
    this.#notify();
  }

  /**
   * Takes the document now in the store as the base, after a conflict. The draft stays; its items get the ids of
   * equal stored items.
   */
  rebase(document) {
    const unmatched = this.#items.filter(({ key }) => !this.#ids.has(key));
    const ids = new Set(this.#ids.values());
    for (const { id, ...attributes } of readItems(document).items) {
      const text = JSON.stringify(bare(attributes));
      const same = ids.has(id) ? -1 : unmatched.findIndex((item) => JSON.stringify(bare(item)) === text);
      if (same >= 0) {
        this.#ids.set(unmatched.splice(same, 1)[0].key, id);
      }
    }
    this.#setStored(document);
    this.#notify();
  }

  /** The items with their ids in the store, past or present. */
  identified() {
    return this.#items.map((item) => ({ id: this.#ids.get(item.key), ...bare(item) }));
  }

  /** Replaces the draft with the version in the store, as a step that can be undone. */
  takeStored() {
    this.#apply(this.#stored ?? []);
  }

  /** Records a successful save of `sent`. */
  saved(sent, document) {
    const before = this.#stored;
    document.media.forEach((item, index) => this.#ids.set(sent[index].key, item.id));
    this.#storedIds = new Set(document.media.map((item) => item.id));
    this.#version = document.version;
    this.#unreadable = 0;
    this.#stored = sent;
    // A size that was measured while saving is not a change.
    this.#items = this.#items.map((item) => sent.find((was) => differsOnlyInSize(was, item)) ?? item);
    this.#beforeSave = before;
    this.#lastEdit = null;
    this.#notify();
  }

  /** Records that all media were deleted from the store. */
  deleted() {
    this.#storedIds.clear();
    this.#version = null;
    this.#beforeSave = undefined;
    this.#stored = null;
    this.#notify();
  }

  /** Restores the version before the last save, to be saved; returns false if the product had no media then. */
  undoSave() {
    const before = this.#beforeSave;
    this.#beforeSave = undefined;
    this.#apply(before ?? []);
    return before !== null;
  }

  /** Adds items at the end, as many as a product may have; returns how many. */
  add(list) {
    const added = list.slice(0, MAX_ITEMS - this.#items.length).map((attributes) => this.#item(attributes));
    this.#apply([...this.#items, ...added]);
    return added.length;
  }

  remove(...keys) {
    this.#apply(this.#items.filter((item) => !keys.includes(item.key)));
  }

  /** Moves an item; returns whether its position changed. */
  move(key, index) {
    const from = this.#items.findIndex((item) => item.key === key);
    const to = Math.max(0, Math.min(index, this.#items.length - 1));
    if (from < 0 || from === to) {
      return false;
    }
    const items = [...this.#items];
    items.splice(to, 0, ...items.splice(from, 1));
    this.#apply(items);
    return true;
  }

  /** Changes an attribute. Consecutive changes of one field are one undo step. */
  edit(key, name, value) {
    const items = this.#items.map((item) => (item.key === key ? withAttribute(item, name, value) : item));
    this.#apply(items, `${key} ${name}`);
  }

  /** Sets the measured size of a new item. It is not an undo step, and items in the store keep what they have. */
  measure(key, width, height) {
    const unsized = (item) => item.key === key && !this.#ids.has(key) && !item.width && width > 0 && height > 0;
    if (this.#items.some(unsized)) {
      this.#items = this.#items.map((item) => (unsized(item) ? Object.freeze({ ...item, width, height }) : item));
      this.#notify();
    }
  }

  undo() {
    this.#swap(this.#undoStack, this.#redoStack);
  }

  redo() {
    this.#swap(this.#redoStack, this.#undoStack);
  }

  #swap(from, to) {
    if (from.length > 0) {
      to.push(this.#items);
      this.#items = from.pop();
      this.#lastEdit = null;
      this.#notify(true);
    }
  }

  #apply(items, edit = null) {
    if (this.#serialize(items) === this.#serialize(this.#items)) {
      return;
    }
    if (edit === null || edit !== this.#lastEdit) {
      this.#undoStack.push(this.#items);
      this.#undoStack.splice(0, this.#undoStack.length - MAX_UNDO_STEPS);
    }
    this.#lastEdit = edit;
    this.#redoStack = [];
    this.#items = items;
    this.#notify(true);
  }

  #setStored(document) {
    const keys = new Map([...this.#ids].map(([key, id]) => [id, key]));
    const read = readItems(document);
    const items = read.items.map(({ id, ...attributes }) => {
      const item = this.#item(attributes, keys.get(id));
      if (id !== undefined) {
        this.#ids.set(item.key, id);
      }
      return item;
    });
    this.#unreadable = read.unreadable;
    this.#storedIds = new Set(read.items.map(({ id }) => id));
    this.#version = document?.version ?? null;
    this.#stored = document ? items : null;
    this.#beforeSave = undefined;
  }

  #item(attributes, key = this.#nextKey++) {
    return Object.freeze({ ...attributes, key });
  }

  #serialize(items) {
    return JSON.stringify(items.map((item) => [item.key, bare(item)]));
  }
}

/** Whether an item equals an earlier one, except for a size that was measured since. */
function differsOnlyInSize(was, item) {
  const same = was.key === item.key && !was.width && item.width;
  return same && JSON.stringify(bare({ ...item, width: null, height: null })) === JSON.stringify(bare(was));
}
