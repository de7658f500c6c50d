// Reordering by pointer: while a row is dragged by its handle, the other rows make room; the drop is reported.

/** The distance from a window edge at which the page scrolls, and its speed per frame, in CSS pixels. */
const SCROLL_MARGIN = 72;
const SCROLL_STEP = 12;

/**
 * Makes the rows of a list draggable by their handles. Escape cancels.
 *
 * @param dropped called with the row and its new index
 */
export function makeDraggable(list, dropped) {
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".handle");
    if (handle && event.button === 0 && event.isPrimary) {
      event.preventDefault();
      handle.focus({ preventScroll: true });
      drag(list, handle.closest("[data-key]"), event, dropped);
    }
  });
}

function drag(list, row, start, dropped) {
  const begin = indexOf(list, row);
  const box = row.getBoundingClientRect();
  const grip = { x: start.clientX - box.left, y: start.clientY - box.top };
  const isGrid = list.dataset.view === "grid";
  const ended = new AbortController();
  let pointer = { x: start.clientX, y: start.clientY };
  let frame = requestAnimationFrame(scroll);
  row.dataset.dragged = "";

  function follow() {
    row.style.translate = "none";
    isGrid ? makeRoomInGrid(list, row, pointer) : makeRoom(list, row, pointer.y - grip.y);
    const { left, top } = row.getBoundingClientRect();
    row.style.translate = `${isGrid ? pointer.x - grip.x - left : 0}px ${pointer.y - grip.y - top}px`;
  }

  function scroll() {
    const beyond = Math.min(0, pointer.y - SCROLL_MARGIN) + Math.max(0, pointer.y - innerHeight + SCROLL_MARGIN);
    if (beyond !== 0) {
      scrollBy({ top: Math.sign(beyond) * SCROLL_STEP, behavior: "instant" });
      follow();
    }
    frame = requestAnimationFrame(scroll);
  }

  function end(index) {
    ended.abort();
    cancelAnimationFrame(frame);
    row.style.translate = "";
    delete row.dataset.dragged;
    dropped(row, index);
  }

  const listening = { signal: ended.signal };
  addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId === start.pointerId) {
        pointer = { x: event.clientX, y: event.clientY };
        follow();
      }
    },
    listening,
  );
  addEventListener("pointerup", () => end(indexOf(list, row)), listening);
  addEventListener("pointercancel", () => end(begin), listening);
  addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        end(begin);
      }
    },
    listening,
  );
}

/**
 * Moves neighbours to the other side once more than half of them is covered. The row itself is not moved in the
 * document.
 */
function makeRoom(list, row, top) {
  const bottom = top + row.offsetHeight;
  for (let next = row.nextElementSibling; next && bottom > middle(next); next = row.nextElementSibling) {
    list.insertBefore(next, row);
  }
  for (let before = row.previousElementSibling; before && top < middle(before); before = row.previousElementSibling) {
    list.insertBefore(before, row.nextElementSibling);
  }
}

/** Moves the items between the row and the one under the pointer by one place. */
function makeRoomInGrid(list, row, { x, y }) {
  const under = [...list.children].findIndex((item) => {
    const { left, right, top, bottom } = item.getBoundingClientRect();
    return item !== row && x >= left && x <= right && y >= top && y <= bottom;
  });
  if (under < 0) {
    return;
  }
  while (indexOf(list, row) < under) {
    list.insertBefore(row.nextElementSibling, row);
  }
  while (indexOf(list, row) > under) {
    list.insertBefore(row.previousElementSibling, row.nextElementSibling);
  }
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

function indexOf(list, row) {
  return [...list.children].indexOf(row);
}
