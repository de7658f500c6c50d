// Reads the product's document again on request, and shows in the panel where it came from and how long it took.

const MAX_READS = 8;

for (const panel of document.querySelectorAll(".panel[data-document]")) {
  const button = panel.querySelector(".read-again");
  button.hidden = false;
  button.addEventListener("click", () => readAgain(panel, button));
}

async function readAgain(panel, button) {
  button.setAttribute("aria-disabled", "true");
  const status = panel.querySelector(".read-status");
  try {
    const result = await read(panel.dataset.document);
    showTiers(panel, result);
    addRead(panel.querySelector(".reads"), result);
    panel.querySelector(".duration strong").textContent = `${result.duration.toFixed(2)} ms`;
    panel.querySelector(".duration span").textContent = "to reach this browser";
    status.textContent = `${result.name} answered this browser in ${result.duration.toFixed(1)} ms.`;
    status.classList.add("visually-hidden");
  } catch {
    status.classList.remove("visually-hidden");
    status.textContent = "The service cannot be reached. Please try again.";
  }
  button.setAttribute("aria-disabled", "false");
}

async function read(address) {
  const begin = performance.now();
  const response = await fetch(address, { cache: "no-store" });
  await response.arrayBuffer();
  const end = performance.now();
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return {
    ...tierOf(response.headers.get("Cache-Status") ?? ""),
    duration: measuredDuration(address, begin) ?? end - begin,
  };
}

/** The time from the request to the last byte, as measured by the browser; null if it does not report it. */
function measuredDuration(address, begin) {
  const entries = performance.getEntriesByName(new URL(address, location.href).href, "resource");
  const entry = entries.filter(({ startTime }) => startTime >= begin - 1).pop();
  return entry?.responseEnd > entry?.requestStart && entry.requestStart > 0
    ? entry.responseEnd - entry.requestStart
    : null;
}

/** The tier named by Cache-Status (RFC 9211), such as `canvas; fwd=miss; detail=postgres`. */
function tierOf(status) {
  const tier = /;\s*detail=(\w+)/.exec(status)?.[1] ?? "unknown";
  const names = { near: "Memory", redis: "Redis", postgres: "Postgres", couchdb: "CouchDB" };
  return { tier, bypass: /fwd=bypass/.test(status), name: names[tier] ?? "The service" };
}

function showTiers(panel, { tier, bypass }) {
  const steps = [...panel.querySelectorAll(".tiers > li")];
  const answered = steps.findIndex((step) => step.dataset.tier === tier);
  steps.forEach((step, index) => {
    const role = index === answered ? "answered" : index < answered && !bypass ? "missed" : "skipped";
    step.dataset.role = role;
    step.querySelector(".role").textContent = role === "skipped" ? "not asked" : role;
  });
}

function addRead(reads, { tier, name, duration }) {
  const read = document.createElement("li");
  const bar = document.createElement("span");
  const text = document.createElement("span");
  bar.className = "duration-bar";
  read.dataset.tier = tier;
  read.dataset.duration = duration;
  text.textContent = `${duration.toFixed(1)} ms · ${name}`;
  read.append(bar, text);
  reads.prepend(read);
  while (reads.children.length > MAX_READS) {
    reads.lastElementChild.remove();
  }
  reads.hidden = false;
  const longest = Math.max(...[...reads.children].map((each) => Number(each.dataset.duration)));
  for (const each of reads.children) {
    each.firstElementChild.style.inlineSize = `${(100 * each.dataset.duration) / longest}%`;
  }
}
