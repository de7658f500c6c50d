// Draws a few series over the last five minutes as lines that move.

const SVG = "http://www.w3.org/2000/svg";
const POINTS = 300;
const WIDTH = 300;
const HEIGHT = 100;

/** A chart of values that are not negative, one a second. */
export class Chart {
  #format;
  #names = [];
  #values = [];
  #lines;
  #top;
  #legend;
  #summary;

  /**
   * @param parent gets the chart
   * @param title what it shows
   * @param format writes a value with its unit
   */
  constructor(parent, title, unit, format) {
    this.#format = format;
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.append(`${title} `, text("span", "unit", unit));
    const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
    this.#summary = element("title", {});
    svg.append(this.#summary);
    for (const y of [0, HEIGHT / 2, HEIGHT]) {
      svg.append(element("line", { x1: 0, x2: WIDTH, y1: y, y2: y }));
    }
    this.#lines = element("g", {});
    svg.append(this.#lines);
    this.#top = text("span", "", "");
    const axis = document.createElement("div");
    axis.className = "axis";
    axis.append(text("span", "", "5 minutes ago"), this.#top, text("span", "", "now"));
    this.#legend = document.createElement("ul");
    this.#legend.className = "legend";
    figure.append(caption, svg, axis, this.#legend);
    parent.append(figure);
    this.title = title;
  }

  /** Adds the values of one moment, as pairs of a name and a number or null. */
  add(moment) {
    for (const [name] of moment) {
      if (!this.#names.includes(name)) {
        this.#names.push(name);
      }
    }
    this.#values.push(new Map(moment));
    this.#values.splice(0, this.#values.length - POINTS);
    this.#draw();
  }

  #draw() {
    const shown = this.#names.filter((name) => this.#values.some((moment) => moment.get(name) > 0));
    const highest = Math.max(...this.#values.flatMap((moment) => shown.map((name) => moment.get(name) ?? 0)), 0);
    const top = roundUp(highest);
    this.#lines.replaceChildren(...shown.map((name) => this.#line(name, top)));
    this.#top.textContent = highest > 0 ? `top: ${this.#format(top)}` : "nothing yet";
    this.#legend.replaceChildren(...shown.map((name) => this.#entry(name)));
    const now = this.#values.at(-1);
    this.#summary.textContent = `${this.title} now: ${
      shown.map((name) => `${name} ${this.#format(now.get(name) ?? 0)}`).join(", ") || "nothing"
    }`;
  }

  #line(name, top) {
    const first = POINTS - this.#values.length;
    let path = "";
    let pen = "M";
    this.#values.forEach((moment, index) => {
      const value = moment.get(name);
      if (value === null || value === undefined) {
        pen = "M";
        return;
      }
      const x = ((first + index) * WIDTH) / (POINTS - 1);
      path += `${pen}${x.toFixed(1)} ${(HEIGHT - (value * HEIGHT) / top).toFixed(1)}`;
      pen = "L";
    });
    return element("path", { d: path, class: this.#colour(name) });
  }

  #entry(name) {
    const entry = document.createElement("li");
    const mark = element("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
    mark.append(element("path", { d: "M0 5L10 5", class: this.#colour(name) }));
    entry.append(mark, `${name} ${this.#format(this.#values.at(-1).get(name) ?? 0)}`);
    return entry;
  }

  #colour(name) {
    return `series-${(this.#names.indexOf(name) % 6) + 1}`;
  }
}

/** The next number of the form 1, 2 or 5 times a power of ten. */
function roundUp(value) {
  if (value <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * power >= value * 0.999) * power;
}

function element(name, attributes) {
  const created = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    created.setAttribute(attribute, value);
  }
  return created;
}

function text(name, className, content) {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = content;
  return created;
}
