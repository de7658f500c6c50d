// Reads the product's document once more for the panel, and shows where it came from and how long it took.

const MOST = 8;

for (const panel of document.querySelectorAll(".panel[data-document]")) {
  const button = panel.querySelector(".again");
  button.hidden = false;
  button.addEventListener("click", () => again(panel, button));
}

async function again(panel, button) {
  button.setAttribute("aria-disabled", "true");
  const heard = panel.querySelector(".heard");
  try {
    const read = await ask(panel.dataset.document);
    showWay(panel, read);
    addRead(panel.querySelector(".reads"), read);
    panel.querySelector(".took strong").textContent = `${read.took.toFixed(2)} ms`;
    panel.querySelector(".took span").textContent = "to answer this browser";
    heard.textContent = `${read.name} answered this browser in ${read.took.toFixed(1)} ms.`;
    heard.classList.add("unseen");
  } catch {
    heard.classList.remove("unseen");
    heard.textContent = "No answer: the service cannot be reached.";
  }
  button.setAttribute("aria-disabled", "false");
}

async function ask(address) {
  const begin = performance.now();
  const response = await fetch(address, { cache: "no-store" });
  await response.arrayBuffer();
  const end = performance.now();
  if (!response.ok) {
    throw new Error(`answered ${response.status}`);
  }
  return { ...wayOf(response.headers.get("Cache-Status") ?? ""), took: waited(address, begin) ?? end - begin };
}

/** From the request to the last byte, as the browser measured it; null where it does not tell. */
function waited(address, begin) {
  const entries = performance.getEntriesByName(new URL(address, location.href).href, "resource");
  const entry = entries.filter(({ startTime }) => startTime >= begin - 1).pop();
  return entry?.responseEnd > entry?.requestStart && entry.requestStart > 0 ? entry.responseEnd - entry.requestStart : null;
}

/** What Cache-Status says (RFC 9211): `canvas; fwd=miss; detail=postgres`. */
function wayOf(status) {
  const tier = /;\s*detail=(\w+)/.exec(status)?.[1] ?? "unknown";
  const names = { near: "Memory", redis: "Redis", postgres: "Postgres", couchdb: "CouchDB" };
  return { tier, bypass: /fwd=bypass/.test(status), name: names[tier] ?? "The service" };
}

function showWay(panel, { tier, bypass }) {
  const steps = [...panel.querySelectorAll(".tiers > li")];
  const answered = steps.findIndex((step) => step.dataset.tier === tier);
  steps.forEach((step, index) => {
    const role = index === answered ? "answered" : index < answered && !bypass ? "missed" : "skipped";
    step.dataset.role = role;
    step.querySelector(".role").textContent = role;
  });
}

function addRead(reads, { tier, name, took }) {
  const read = document.createElement("li");
  const bar = document.createElement("span");
  const text = document.createElement("span");
  bar.className = "bar-of-time";
  read.dataset.tier = tier;
  read.dataset.took = took;
  text.textContent = `${took.toFixed(1)} ms · ${name}`;
  read.append(bar, text);
  reads.prepend(read);
  while (reads.children.length > MOST) {
    reads.lastElementChild.remove();
  }
  reads.hidden = false;
  const longest = Math.max(...[...reads.children].map((each) => Number(each.dataset.took)));
  for (const each of reads.children) {
    each.firstElementChild.style.inlineSize = `${(100 * each.dataset.took) / longest}%`;
  }
}
