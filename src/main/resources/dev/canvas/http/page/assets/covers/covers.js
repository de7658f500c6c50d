// Shows the next picture of a product in the catalogue where its first one cannot be loaded.

for (const cover of document.querySelectorAll("img[data-others]")) {
  cover.addEventListener("error", () => showNext(cover));
  // It failed before this script ran.
  if (cover.complete && cover.naturalWidth === 0) {
    showNext(cover);
  }
}

function showNext(cover) {
  const [next, ...others] = cover.dataset.others.split(" ");
  if (next) {
    cover.dataset.others = others.join(" ");
    cover.src = next;
  } else {
    const frame = cover.parentElement;
    frame.classList.add("blank");
    frame.textContent = "No picture";
  }
}
