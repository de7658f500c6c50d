// Asks this node once a second, and shows what it does.

import { Chart } from "./chart.js";
import { Exposition, Interval } from "./exposition.js";

const EVERY_MS = 1_000;
const TIME = "vertx_http_server_response_time_seconds";
const KEY = "canvas.management.key";

const byId = (id) => document.getElementById(id);
const ofApi = ({ route }) => route?.startsWith("/api/") ?? false;
const number = (value) => value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
const rate = (value) => `${number(value)}/s`;
const seconds = (value) => (value < 1 ? `${number(value * 1_000)} ms` : `${number(value)} s`);
const share = (value) => `${(value * 100).toFixed(1)}%`;
const megabytes = (value) => `${number(value / 1_048_576)} MB`;

const charts = {
  statuses: new Chart(byId("charts"), "Requests of the API by status", "a second", rate),
  latency: new Chart(byId("charts"), "Latency", "within the service", seconds),
  tiers: new Chart(byId("charts"), "Products read, by tier", "a second", rate),
  writes: new Chart(byId("charts"), "Products written", "a second", rate),
  shed: new Chart(byId("charts"), "Refused because of overload", "a second", rate),
  outbox: new Chart(byId("charts"), "Outbox: age of the oldest change", "seconds", seconds),
  lag: new Chart(byId("charts"), "Lateness of event loops", "at most", seconds),
  cpu: new Chart(byId("charts"), "CPU", "of all cores", share),
  heap: new Chart(byId("charts"), "Memory", "in use", megabytes),
};

let before = null;
let paused = false;

byId("pause").addEventListener("click", ({ target }) => {
  paused = !paused;
  target.setAttribute("aria-pressed", paused);
  target.textContent = paused ? "Go on" : "Pause";
  before = null;
});

byId("key").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, byId("key-field").value);
  byId("key").hidden = true;
});

/** Asks for one resource; null if it does not exist. */
async function ask(path) {
  const key = sessionStorage.getItem(KEY);
  const response = await fetch(path, {
    cache: "no-store",
    headers: key ? { Authorization: `Bearer ${key}` } : {},
    signal: AbortSignal.timeout(5_000),
  });
  if (response.status === 401) {
    throw new Refused();
  }
  return response.status === 404 ? null : response;
}

class Refused extends Error {}

async function look() {
  const at = performance.now();
  const [metrics, health, cluster, load] = await Promise.all(["/metrics", "/health/ready", "/cluster", "/seed"].map(ask));
  const now = { at, metrics: new Exposition(await metrics.text()) };
  showState(await health.json(), now.metrics);
  showNodes((await cluster.json()).nodes);
  // A load that cannot be asked for now is shown as it was.
  if (load === null || load.ok) {
    showLoad(load === null ? null : await load.json());
  }
  if (before !== null) {
    showInterval(new Interval(before.metrics, now.metrics, (now.at - before.at) / 1_000), now.metrics);
  }
  before = now;
}

function showState({ status, phase, checks }, metrics) {
  const down = checks.filter((check) => check.status !== "UP").map(({ id }) => id);
  const uptime = metrics.sum("process_uptime_seconds");
  say(
    `${status === "UP" ? "Ready" : "Not ready"}: ${phase.toLowerCase()}` +
      (down.length > 0 ? `, without ${down.join(" and ")}` : ", cache and store connected") +
      `, up for ${duration(uptime)}`,
    status === "UP" && down.length === 0,
  );
}

function say(text, good) {
  const state = byId("state");
  // The duration changes each second; only a change of the state itself is read out.
  state.setAttribute("aria-live", state.className === (good ? "good" : "bad") ? "off" : "polite");
  state.className = good ? "good" : "bad";
  state.textContent = text;
}

function duration(uptime) {
  const [value, unit] =
    uptime < 120 ? [uptime, "s"] : uptime < 7_200 ? [uptime / 60, "min"] : uptime < 172_800 ? [uptime / 3_600, "h"] : [uptime / 86_400, "days"];
  return `${Math.floor(value)} ${unit}`;
}

function showInterval(interval, metrics) {
  const requests = interval.rate(`${TIME}_count`, ofApi);
  const failed = interval.rate(`${TIME}_count`, (labels) => ofApi(labels) && labels.code.startsWith("5"));
  const percentile = (wanted) => interval.percentile(wanted, TIME, ofApi);
  const tiers = interval.rates("canvas_reads_total", "source");
  const reads = tiers.reduce((sum, [, value]) => sum + value, 0);
  const cached = tiers.filter(([name]) => name === "near" || name === "redis").reduce((sum, [, value]) => sum + value, 0);
  const p99 = percentile(0.99);
  const lag = metrics.max("canvas_loop_lag_seconds_max");
  const outbox = metrics.max("canvas_outbox_lag_seconds");
  const stale = metrics.sum("canvas_stale_reads_total");
  showFigures([
    ["Requests", rate(requests)],
    ["5xx", requests > 0 ? share(failed / requests) : "–", failed === 0],
    ["p99", p99 === null ? "–" : seconds(p99)],
    ["From a cache", reads > 0 ? share(cached / reads) : "–"],
    ["Connections", number(metrics.sum("vertx_http_server_active_connections"))],
    ["Outbox", seconds(outbox), outbox <= 2],
    ["Loop lag", seconds(lag), lag <= 0.1],
    ["Stale answers", number(stale), stale === 0],
  ]);
  charts.statuses.add(interval.rates(`${TIME}_count`, "code", ofApi));
  charts.latency.add([["p50", percentile(0.5)], ["p95", percentile(0.95)], ["p99", p99]]);
  charts.tiers.add(tiers);
  charts.writes.add([
    ...interval.rates("canvas_writes_total", "effect"),
    ["failed", interval.rate("canvas_write_failures_total")],
  ]);
  charts.shed.add(interval.rates("canvas_shed_total", "kind"));
  charts.outbox.add([["age", outbox]]);
  charts.lag.add([["latest", lag]]);
  charts.cpu.add([["this process", metrics.max("process_cpu_usage")], ["the machine", metrics.max("system_cpu_usage")]]);
  charts.heap.add([
    ["heap", metrics.sum("jvm_memory_used_bytes", ({ area }) => area === "heap")],
    ["answers held", metrics.sum("canvas_answers_held_bytes")],
  ]);
}

function showFigures(figures) {
  byId("figures").replaceChildren(
    ...figures.map(([name, value, good = true]) => {
      const figure = document.createElement("dl");
      figure.className = "figure";
      const term = document.createElement("dt");
      term.textContent = name;
      const description = document.createElement("dd");
      description.textContent = value;
      description.className = good ? "" : "bad";
      figure.append(term, description);
      return figure;
    }),
  );
}

function showNodes(nodes) {
  byId("release").textContent = nodes[0]?.release ?? "";
  byId("nodes").replaceChildren(
    ...nodes.map((node) => {
      const running = (role) => node.verticles.find((each) => each.role === role)?.instances ?? "–";
      const row = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = node.node;
      const state = node.answers ? (node.cache && node.store ? "answers" : "answers, without a tier") : "silent";
      row.append(
        name,
        ...[
          node.roles.join(", "),
          running("http"),
          running("data"),
          node.load < 0 ? "–" : share(node.load),
          `${number(node.lag_ms)} ms`,
          node.release,
          state,
        ].map((content) => {
          const cell = document.createElement("td");
          cell.textContent = content;
          return cell;
        }),
      );
      row.lastChild.className = node.answers ? "good" : "bad";
      return row;
    }),
  );
}

function showLoad(load) {
  byId("load").hidden = load === null || load.phase === "idle";
  if (byId("load").hidden) {
    return;
  }
  const parts = [load.phase, `${number(load.loaded)} products`, `${number(load.per_second)}/s`];
  if (load.rejected > 0) {
    parts.push(`${number(load.rejected)} rejected`);
  }
  if (load.eta_ms > 0) {
    parts.push(`${seconds(load.eta_ms / 1_000)} left`);
  }
  byId("load-text").textContent = [...parts, ...(load.detail ? [load.detail] : [])].join(", ");
  byId("load-share").hidden = load.share === undefined;
  byId("load-share").value = load.share ?? 0;
}

async function go() {
  if (!paused && !document.hidden) {
    try {
      await look();
    } catch (failure) {
      before = null;
      if (failure instanceof Refused) {
        byId("key").hidden = false;
        say("This node wants its key", false);
      } else {
        say("This node does not answer", false);
      }
    }
  }
  setTimeout(go, EVERY_MS);
}

go();
