// A dialog for the focal point of a picture: what stays in view where the picture is cropped.

const STEP = 0.02;
const CENTRE = { x: 0.5, y: 0.5 };
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class FocalPoint {
  #dialog;
  #target;
  #marker;
  #picture;
  #point = null;
  #done;

  constructor(dialog) {
    this.#dialog = dialog;
    this.#target = dialog.querySelector(".focal-target");
    this.#marker = dialog.querySelector(".focal-marker");
    this.#picture = dialog.querySelector("img");
    this.#target.addEventListener("click", (event) => this.#onClick(event));
    this.#target.addEventListener("keydown", (event) => this.#onKeydown(event));
    dialog.querySelector(".none").addEventListener("click", () => {
      this.#set(null);
      dialog.close();
    });
    dialog.querySelector(".done").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#done(this.#point));
  }

  /** Shows a picture and its point, or null; returns a promise of the new one. */
  ask(url, point) {
    this.#picture.src = url;
    this.#set(point ?? null);
    this.#dialog.showModal();
    this.#target.focus();
    return new Promise((resolve) => (this.#done = resolve));
  }

  #onClick(event) {
    // A click by the keyboard has no position.
    if (event.detail > 0) {
      const { left, top, width, height } = this.#picture.getBoundingClientRect();
      this.#set({ x: (event.clientX - left) / width, y: (event.clientY - top) / height });
    }
  }

  #onKeydown(event) {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      event.preventDefault();
      const { x, y } = this.#point ?? CENTRE;
      this.#set({ x: x + direction[0] * STEP, y: y + direction[1] * STEP });
    }
  }

  #set(point) {
    this.#point = point && { x: share(point.x), y: share(point.y) };
    const { x, y } = this.#point ?? CENTRE;
    this.#marker.style.left = `${x * 100}%`;
    this.#marker.style.top = `${y * 100}%`;
    this.#marker.dataset.set = this.#point !== null;
    const place = `${Math.round(x * 100)} % from the left, ${Math.round(y * 100)} % from the top`;
    this.#target.setAttribute("aria-label", this.#point ? `Focal point: ${place}` : "Focal point: none, the centre");
  }
}

function share(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}
