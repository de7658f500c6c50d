// Addresses that are dropped or pasted anywhere on the page, not only into the form.

const TYPES = ["text/uri-list", "text/plain"];

/**
 * Takes addresses from drops on an element and from pastes outside of fields.
 *
 * @param take called with a text of addresses
 * @param refuse called with the reason why what was dropped has none
 */
export function takeAddresses(element, take, refuse) {
  element.addEventListener("dragover", (event) => {
    if (!event.target.closest("input, textarea")) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      element.dataset.over = "";
    }
  });
  for (const end of ["dragleave", "drop"]) {
    element.addEventListener(end, () => delete element.dataset.over);
  }
  element.addEventListener("drop", (event) => {
    if (event.target.closest("input, textarea")) {
      return;
    }
    event.preventDefault();
    // A picture that is dragged from another page is an address and a file; then the address counts.
    const text = addressesOf(event.dataTransfer);
    if (text) {
      take(text);
    } else if (event.dataTransfer.files.length > 0) {
      refuse("Canvas keeps addresses, not files. Upload the files to your site first, then drop their addresses here.");
    }
  });
  addEventListener("paste", (event) => {
    const text = addressesOf(event.clipboardData);
    const typing = event.target.closest?.("input, textarea, dialog");
    if (!typing && /(?:https?:|^\/)\/?\S/im.test(text)) {
      event.preventDefault();
      take(text);
    }
  });
}

/** The addresses of a transfer; in a list of URIs, lines that begin with # are comments (RFC 2483, section 5). */
function addressesOf(transfer) {
  const text = TYPES.map((type) => transfer.getData(type)).find((data) => data) ?? "";
  return text.replace(/^#.*$/gm, "").trim();
}
