// Shows the next picture of a product in the catalogue where its first one cannot be loaded.

for (const cover of document.querySelectorAll("img[data-others]")) {
  const replace = () => isDead(cover) && showNext(cover);
  cover.addEventListener("error", replace);
  // It failed before this script ran.
  replace();
}

/** Whether a picture has failed: not one whose event comes late, when another is loaded or it has been replaced. */
function isDead(cover) {
  return cover.isConnected && cover.complete && cover.naturalWidth === 0;
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
