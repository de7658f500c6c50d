// Draws charts and makes HTML: standard input is a JSON object with "charts", Vega-Lite specifications, and "markdown";
// standard output one with "pictures", which are SVG, and "html".
import { text } from "node:stream/consumers";
import { marked } from "marked";
import { parse, View } from "vega";
import { compile } from "vega-lite";

async function draw(specification) {
  const view = new View(parse(compile(specification).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

const { charts, markdown } = JSON.parse(await text(process.stdin));
const pictures = await Promise.all(charts.map(draw));
process.stdout.write(JSON.stringify({ pictures, html: marked.parse(markdown) }));
