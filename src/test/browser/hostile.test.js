// Hostile addresses and texts are refused by the API, and inert in the pages if they are in the store anyway: no script
// runs, nothing is requested from other sites, nothing navigates.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { browsing, GUARDED_SITE, product, remove, SITE, sql } from './support/site.js';

const open = browsing();
const { urls, harmless, texts } = JSON.parse(await readFile(new URL('./hostile.json', import.meta.url), 'utf8'));

/** Watches a page for scripts that run (`dialog`, `popup`, `pwned`) and for requests to other sites. */
async function watch(page) {
  page.alarms = [];
  page.on('dialog', (dialog) => {
    page.alarms.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('popup', () => page.alarms.push('popup'));
  await page.exposeFunction('pwned', (what) => page.alarms.push(`script: ${what}`));
  await page.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print']) {
      window[name] = () => window.pwned(name);
    }
  });
  await page.context().route('**', (route) => {
    const address = route.request().url();
    // An invalid address cannot be reached, but still may be requested only as a picture or video.
    const { origin, protocol } = URL.canParse(address) ? new URL(address) : { origin: null, protocol: 'https:' };
    if (protocol === 'data:' || protocol === 'blob:' || [SITE, GUARDED_SITE].includes(origin)) {
      return route.continue();
    }
    // Pictures and videos may be anywhere on https. Nothing else may be requested.
    if (protocol !== 'https:' || !['image', 'media'].includes(route.request().resourceType())) {
      page.alarms.push(`${route.request().resourceType()} ${route.request().url()}`);
    }
    return route.abort();
  });
}

test('the list has at least two hundred entries', () => {
  assert.ok(urls.length + texts.length >= 200, `${urls.length} addresses, ${texts.length} texts`);
  assert.equal(new Set([...urls, ...texts]).size, urls.length + texts.length);
});

test('the API refuses every hostile address, as url and as poster, except those that only look hostile', async () => {
  const id = await product();
  const accepted = new Set();
  for (const url of urls) {
    for (const item of [
      { type: 'image', url },
      { type: 'video', url: '/v.webm', poster: url },
    ]) {
      const response = await fetch(`${SITE}/api/products/${id}/media`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ media: [item] }),
      });
      await response.body?.cancel();
      if (response.status === 200 || response.status === 201) {
        accepted.add(url);
      } else {
        assert.equal(response.status, 422, `${response.status} for ${JSON.stringify(item)}`);
      }
    }
  }
  assert.deepEqual([...accepted], harmless);
});

/** Inserts items into the store, bypassing the API, until the test ends; returns the ids of their products. */
async function insert(t, items, each) {
  const ids = [];
  for (let from = 0; from < items.length; from += each) {
    const id = await product();
    const media = items.slice(from, from + each).map((item, index) => ({ id: index + 1, ...item }));
    await sql('insert into product_media (product_id, media) values ($1, $2::text::json)', [id, JSON.stringify(media)]);
    ids.push(id);
  }
  // Other tests show the catalogue, which must not have hostile pictures.
  t.after(() => Promise.all(ids.map(remove)));
  return ids;
}

async function visitAll(t, ids) {
  const page = await open(t, 'about:blank', { prepare: watch });
  for (const id of ids) {
    for (const path of [`/products/${id}`, `/products/${id}/edit`, `/?from=${id}`]) {
      await page.goto(SITE + path, { waitUntil: 'load' });
      if (path.endsWith('/edit')) {
        await page.locator('.workbench').waitFor();
      } else if (!path.startsWith('/?')) {
        await page.locator('product-canvas').waitFor({ state: 'attached' });
        await page.evaluate(() => customElements.whenDefined('product-canvas'));
        await page.locator('product-canvas').evaluate((element) => element.open(0));
      }
      assert.equal(new URL(page.url()).origin, SITE, `${path} led elsewhere`);
      assert.equal(
        await page.evaluate(
          () =>
            document.querySelectorAll(
              'main script:not([type="application/json"]), main iframe, main object, main embed, main base',
            ).length,
        ),
        0,
      );
    }
  }
  assert.deepEqual(page.alarms, []);
}

test('hostile addresses in the store are inert', async (t) => {
  const items = urls.flatMap((url) => [
    { type: 'image', url, alt: 'A' },
    { type: 'video', url: '/none.webm', poster: url, alt: 'B' },
  ]);
  await visitAll(t, await insert(t, items, 48));
});

test('hostile texts in the store are inert', async (t) => {
  const items = texts.flatMap((text) => [
    { type: 'image', url: '/none.webp', alt: text.slice(0, 500), placeholder: text.slice(0, 100) },
    { type: 'video', url: '/none.webm', alt: text.slice(0, 500) },
  ]);
  await visitAll(t, await insert(t, items, 48));
});

test('hostile texts survive the API and come back as they were', async () => {
  const id = await product();
  for (const text of texts.filter((one) => one.length <= 500 && one.isWellFormed())) {
    const response = await fetch(`${SITE}/api/products/${id}/media`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ media: [{ type: 'image', url: '/p.webp', alt: text }] }),
    });
    const body = await response.json();
    if (response.ok) {
      assert.equal(body.media[0].alt ?? '', text);
    } else {
      assert.equal(response.status, 422, JSON.stringify(text));
    }
  }
});

test('hostile addresses typed into the editor are inert too', async (t) => {
  const id = await product();
  const page = await open(t, `/products/${id}/edit`, { prepare: watch });
  await page.locator('.workbench').waitFor();
  for (const url of urls.slice(0, 50)) {
    await page.locator('#add-url').evaluate((input, value) => (input.value = value), url);
    await page.locator('.adder button').click();
  }
  assert.deepEqual(page.alarms, []);
});
