// Reordering by pointer: while a row is dragged by its handle the others make way; where it is let go is told.

/** How close to an edge of the window a pointer makes it scroll, and how fast, in CSS pixels. */
const EDGE = 72;
const PACE = 12;

/**
 * Makes the rows of a list draggable by their handles. Escape puts a dragged row back.
 *
 * @param dropped called with the row and the index that it is to have
 */
export function dragging(list, dropped) {
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
  const grip = start.clientY - row.getBoundingClientRect().top;
  const ended = new AbortController();
  let pointer = start.clientY;
  let frame = requestAnimationFrame(scroll);
  row.dataset.dragged = "";

  function follow() {
    row.style.translate = "none";
    makeWay(list, row, pointer - grip);
    row.style.translate = `0 ${pointer - grip - row.getBoundingClientRect().top}px`;
  }

  function scroll() {
    const beyond = Math.min(0, pointer - EDGE) + Math.max(0, pointer - innerHeight + EDGE);
    if (beyond !== 0) {
      scrollBy({ top: Math.sign(beyond) * PACE, behavior: "instant" });
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

  const heard = { signal: ended.signal };
  addEventListener("pointermove", (event) => {
    if (event.pointerId === start.pointerId) {
      pointer = event.clientY;
      follow();
    }
  }, heard);
  addEventListener("pointerup", () => end(indexOf(list, row)), heard);
  addEventListener("pointercancel", () => end(begin), heard);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      end(begin);
    }
  }, heard);
}

/** Puts neighbours on the other side where more than half of them is passed. The row stays in the document. */
function makeWay(list, row, top) {
  const bottom = top + row.offsetHeight;
  for (let next = row.nextElementSibling; next && bottom > middle(next); next = row.nextElementSibling) {
    list.insertBefore(next, row);
  }
  for (let before = row.previousElementSibling; before && top < middle(before); before = row.previousElementSibling) {
    list.insertBefore(before, row.nextElementSibling);
  }
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

function indexOf(list, row) {
  return [...list.children].indexOf(row);
}
