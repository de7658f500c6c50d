// The element in apps of React, Vue and Svelte, built by Vite; rendered in the browser, and by a server first.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { APPS, buildApps } from './frameworks/build.js';
import { browsing, eventually, product, put, sample, SITE } from './support/site.js';

const HOME = process.env.CANVAS_HOME ?? join(import.meta.dirname, '..', '..', '..');
const PACKAGE = join(HOME, 'src/main/resources/dev/canvas/http/page/assets/product-canvas');
// Beside node_modules, where the modules for the server find what they import.
const BUILT = join(import.meta.dirname, 'built');

const open = browsing();
const pages = new Map();
let shop;

before(async () => {
  await buildApps(PACKAGE, BUILT);
  shop = createServer(async ({ url }, response) => {
    const page = pages.get(url);
    const body = page ?? (await readFile(join(BUILT, normalize(url))).catch(() => ''));
    const type = page ? 'text/html; charset=utf-8' : 'text/javascript';
    response.writeHead(body ? 200 : 204, { 'Content-Type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
});

after(() => {
  shop.closeAllConnections();
  shop.close();
});

/** Adds a page with an app to the shop; returns its address. */
function add(name, properties, rendered) {
  const path = `/${name}/${pages.size}`;
  const json = JSON.stringify(properties).replaceAll('<', '\\u003c');
  pages.set(
    path,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title></head><body>` +
      `<div id="app">${rendered}</div><script id="properties" type="application/json">${json}</script>` +
      `<script type="module" src="/client/${name}.js"></script></body></html>`,
  );
  return `http://127.0.0.1:${shop.address().port}${path}`;
}

for (const name of Object.keys(APPS)) {
  for (const side of ['browser', 'server']) {
    test(`${name}, rendered by the ${side}`, async (t) => {
      const first = await product(null);
      const second = await product(sample(3));
      const properties = { src: SITE, first, second, media: { product_id: first, version: 1, media: sample(2) } };
      let rendered = '';
      if (side === 'server') {
        const { render } = await import(pathToFileURL(join(BUILT, 'server', `${name}.js`)).href);
        rendered = await render(properties);
        assert.match(rendered, /<product-canvas/);
      }
      const warnings = [];
      const asked = [];
      const sockets = [];
      const page = await open(t, add(name, properties, rendered), {
        prepare: async (each) => {
          each.on('console', (message) => message.type() !== 'log' && warnings.push(message.text()));
          each.on('request', (request) => asked.push(request.url()));
          each.on('websocket', (socket) => sockets.push(socket.url()));
          await each.addInitScript(() => {
            window.errors = [];
            addEventListener('canvas:error', ({ detail }) => window.errors.push(detail.message));
          });
        },
      });
      const gallery = page.locator('product-canvas:not(.still)');
      const still = page.locator('product-canvas.still');
      const pictures = () => gallery.locator('[part~="picture"]').count();
      const heard = () => page.locator('output').textContent();

      // The document is an object; it is shown without a request.
      await eventually(pictures, 2);
      assert.equal(await gallery.evaluate((element) => element.document.version), 1);
      assert.ok(!asked.some((url) => url.includes('/api/')), `${asked}`);
      assert.equal(await gallery.evaluate((element) => element.live), false);
      assert.deepEqual(await still.evaluate(({ live, items }) => [live, items.length]), [false, 2]);
      if (side === 'server') {
        assert.match(rendered, /live="false"/);
      }
      await gallery.evaluate((element) => element.next());
      await eventually(async () => /canvas:change 1$/.test(await heard()), true);

      await page.getByRole('button', { name: 'Another product' }).click();
      await eventually(pictures, 3);
      assert.equal(await gallery.getAttribute('product-id'), String(second));
      await eventually(async () => /canvas:load 3$/.test(await heard()), true);

      // Live: what another client writes appears. Not live any more: it does not.
      let written = 0;
      assert.deepEqual(sockets, []);
      await page.getByRole('button', { name: 'Live' }).click();
      await eventually(() => sockets.length, 1);
      assert.equal(await gallery.evaluate((element) => element.live), true);
      await eventually(async () => {
        await put(second, sample(4 + (written++ % 2)));
        return (await pictures()) > 3;
      }, true);
      await page.getByRole('button', { name: 'Live' }).click();
      await eventually(() => gallery.evaluate((element) => element.live), false);
      // The text "false" switches off what is on, as a property and as an attribute; nothing else opened a socket.
      await still.evaluate((element) => {
        element.live = true;
        element.live = 'false';
      });
      assert.equal(await still.getAttribute('live'), null);
      await still.evaluate((element) => element.setAttribute('live', 'false'));
      assert.equal(await still.evaluate((element) => element.live), false);
      assert.equal(sockets.length, 1);

      assert.deepEqual(await page.evaluate(() => window.errors), []);
      assert.deepEqual(warnings, []);
      assert.deepEqual(page.faults, []);
    });
  }
}
