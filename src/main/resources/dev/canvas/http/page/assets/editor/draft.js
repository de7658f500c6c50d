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

  /** The version in the store when it was last read; null if the product had no media, undefined if it is unknown. */
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

  /** Tells the listener that something around the draft has changed. */
  touch() {
    this.#notify(false);
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

  /** Whether a document has exactly what the draft has, apart from ids. */
  equals(document) {
    const { items } = readItems(document);
    return items.length === this.#items.length && items.every((item, index) => sameContent(item, this.#items[index]));
  }

  /**
   * Takes the document now in the store as the base, after a conflict. The draft stays; items whose ids the store does
   * not have get the ids of stored items with the same content, or else with the same file.
   */
  rebase(document) {
    const { items: theirs } = readItems(document);
    const stored = new Set(theirs.map(({ id }) => id));
    const unmatched = this.#items.filter(({ key }) => !stored.has(this.#ids.get(key)));
    const taken = new Set(this.#items.map(({ key }) => this.#ids.get(key)));
    for (const same of [sameContent, sameFile]) {
      for (const theirItem of theirs.filter(({ id }) => !taken.has(id))) {
        const index = unmatched.findIndex((item) => same(item, theirItem));
        if (index >= 0) {
          this.#ids.set(unmatched.splice(index, 1)[0].key, theirItem.id);
          taken.add(theirItem.id);
        }
      }
    }
    this.#setStored(document);
    this.#notify();
  }

  /** The items with their ids in the store, past or present. */
  identified() {
    return this.#items.map((item) => ({ key: item.key, id: this.#ids.get(item.key), ...bare(item) }));
  }

  /** Replaces the draft with items from either side of a conflict, each with its key or its id. */
  merge(items) {
    const keys = new Map([...this.#ids].map(([key, id]) => [id, key]));
    this.#apply(items.map(({ id, key, ...attributes }) => this.#item(attributes, key ?? keys.get(id))));
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

  /** Moves items together, so that the first of them stands at an index; returns whether the order changed. */
  move(keys, index) {
    const moved = this.#items.filter((item) => keys.includes(item.key));
    const items = this.#items.filter((item) => !keys.includes(item.key));
    items.splice(Math.max(0, index), 0, ...moved);
    const changes = items.some((item, at) => item !== this.#items[at]);
    this.#apply(items);
    return changes;
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
    this.#version = document ? document.version : null;
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

function sameContent(one, other) {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
}

function sameFile(one, other) {
  return one.type === other.type && one.url === other.url;
}

/** Whether an item equals an earlier one, except for a size that was measured since. */
function differsOnlyInSize(was, item) {
  const same = was.key === item.key && !was.width && item.width;
  return same && JSON.stringify(bare({ ...item, width: null, height: null })) === JSON.stringify(bare(was));
}
