// Items that are selected to be moved or deleted together.

export class Selection {
  #keys = new Set();
  #last = null;
  #bar;

  /** @param bar shown while something is selected; has an element for the count */
  constructor(bar) {
    this.#bar = bar;
  }

  has(key) {
    return this.#keys.has(key);
  }

  /** The selected keys among those of the items, in the order of the items; forgets the others. */
  among(items) {
    const keys = items.map(({ key }) => key).filter((key) => this.#keys.has(key));
    this.#keys = new Set(keys);
    return keys;
  }

  /**
   * Selects an item or not.
   *
   * @param range whether the items between it and the last one that was changed follow it
   */
  set(key, selected, range, items) {
    const keys = items.map((item) => item.key);
    const [from, to] = [keys.indexOf(range ? this.#last : key), keys.indexOf(key)].sort((a, b) => a - b);
    for (const each of from < 0 ? [key] : keys.slice(from, to + 1)) {
      selected ? this.#keys.add(each) : this.#keys.delete(each);
    }
    this.#last = key;
  }

  all(items) {
    this.#keys = new Set(items.map(({ key }) => key));
  }

  clear() {
    this.#keys.clear();
    this.#last = null;
  }

  /** Shows the bar for the selected items. */
  show(items) {
    const count = this.among(items).length;
    this.#bar.hidden = count === 0;
    this.#bar.querySelector(".selected-count").textContent = `${count} selected`;
  }
}
