// Reads the text form of Prometheus's metrics.

const SAMPLE = /^([\w:]+)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of one answer of /metrics, by the name of the metric. */
export class Exposition {
  #samples = new Map();

  constructor(text) {
    for (const line of text.split("\n")) {
      const sample = line.startsWith("#") ? null : SAMPLE.exec(line);
      if (sample) {
        const labels = Object.fromEntries(
          [...(sample[2] ?? "").matchAll(LABEL)].map(([, name, value]) => [name, value]),
        );
        const all = this.#samples.get(sample[1]) ?? [];
        all.push({ labels, value: Number(sample[3].replace("Inf", "Infinity")) });
        this.#samples.set(sample[1], all);
      }
    }
  }

  /** The samples of a metric whose labels pass a test. */
  samples(name, passes = () => true) {
    return (this.#samples.get(name) ?? []).filter(({ labels }) => passes(labels));
  }

  /** The sum of the samples; 0 if there are none. */
  sum(name, passes) {
    return this.samples(name, passes).reduce((sum, { value }) => sum + value, 0);
  }

  /** The largest sample; 0 if there are none. */
  max(name, passes) {
    return this.samples(name, passes).reduce((max, { value }) => Math.max(max, value), 0);
  }
}

/** What happened between two expositions of the same process. */
export class Interval {
  #before;
  #after;
  #seconds;

  constructor(before, after, seconds) {
    this.#before = before;
    this.#after = after;
    this.#seconds = seconds;
  }

  /** How much a counter rose, a second. */
  rate(name, passes) {
    return this.#rise(name, passes) / this.#seconds;
  }

  /** How much the counters of a metric rose, a second, by the value of a label. */
  rates(name, label, passes = () => true) {
    const values = new Set(this.#after.samples(name, passes).map(({ labels }) => labels[label]));
    return [...values].map((value) => [
      value,
      this.rate(name, (labels) => labels[label] === value && passes(labels)),
    ]);
  }

  /** The seconds below which a share of the observations of a histogram lie; null if there were none. */
  percentile(share, name, passes) {
    const bounds = new Map();
    for (const { labels } of this.#after.samples(`${name}_bucket`, passes)) {
      bounds.set(labels.le, labels.le === "+Inf" ? Infinity : Number(labels.le));
    }
    const buckets = [...bounds]
      .sort(([, a], [, b]) => a - b)
      .map(([le, bound]) => ({
        bound,
        count: this.#rise(`${name}_bucket`, (labels) => labels.le === le && passes(labels)),
      }));
    const wanted = share * (buckets.at(-1)?.count ?? 0);
    if (!(wanted > 0)) {
      return null;
    }
    let lower = { bound: 0, count: 0 };
    for (const bucket of buckets) {
      if (bucket.count >= wanted) {
        // As Prometheus does: evenly within a bucket; the last bound for what is above it.
        return bucket.bound === Infinity
          ? lower.bound
          : lower.bound + ((bucket.bound - lower.bound) * (wanted - lower.count)) / (bucket.count - lower.count);
      }
      lower = bucket;
    }
    return lower.bound;
  }

  #rise(name, passes) {
    return Math.max(0, this.#after.sum(name, passes) - this.#before.sum(name, passes));
  }
}
