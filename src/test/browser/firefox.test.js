// The element and the editor in Firefox: reading, another product, live changes, full screen and keys, a save, and
// hostile values. The other tests look closer, in Chromium.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { elsewhere } from './support/elsewhere.js';
import { firefox } from './support/firefox.js';
import { eventually, focused, product, put, read, remove, sample, SITE, sql } from './support/site.js';

const SECONDS = 20;

const open = firefox();

/** Waits until a value equals the expected one. */
const soon = (get, expected) => eventually(get, expected, SECONDS);

const inGallery = (page, get, ...values) => page.$eval('product-canvas', get, ...values);
const indexOf = (page) => inGallery(page, ({ index }) => index);
const alts = (page) =>
  inGallery(page, ({ shadowRoot }) =>
    [...(shadowRoot?.querySelectorAll('[part~="picture"]') ?? [])].map(({ alt }) => alt),
  );

for (const width of [390, 1280]) {
  test(`at ${width} pixels all media are shown in order, and nothing is wider than the page`, async (t) => {
    const page = await open(t, `/products/${await product(sample(4, 1))}`, { width });
    await soon(() => alts(page), ['Side 1', 'Side 2', 'Side 3', 'Side 4']);
    const first = ({ shadowRoot }) => shadowRoot.querySelector('[part~="picture"]').naturalWidth > 0;
    await soon(() => inGallery(page, first), true);
    assert.equal(await inGallery(page, ({ shadowRoot }) => shadowRoot.querySelectorAll('[part~="video"]').length), 1);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(
      page.requests.filter((url) => !url.startsWith(SITE)),
      [],
    );
    assert.deepEqual(page.faults, []);
  });
}

test('a page of another site shows another product, and what is written to it', async (t) => {
  const [first, second] = [await product(sample(4)), await product(sample(2))];
  const tag = `<script type="module" src="${SITE}/product-canvas.js"></script>`;
  const gallery = `<product-canvas product-id="${first}" src="${SITE}" live></product-canvas>`;
  const page = await open(t, await elsewhere(t, tag + gallery));
  await soon(async () => (await alts(page)).length, 4);
  await inGallery(
    page,
    (element, id) => {
      element.index = 3;
      element.productId = id;
    },
    second,
  );
  await soon(() => alts(page), ['Side 1', 'Side 2']);
  assert.equal(await indexOf(page), 0);
  let written = 0;
  await soon(async () => {
    await put(second, sample(5 + (written++ % 2)));
    return (await alts(page)).length >= 5;
  }, true);
  assert.deepEqual(page.faults, []);
});

test('the keyboard opens, navigates and closes full screen, and the focus returns', async (t) => {
  const page = await open(t, `/products/${await product(sample(4))}`);
  const opened = () => inGallery(page, ({ shadowRoot }) => shadowRoot.querySelector('dialog').open);
  await soon(async () => (await alts(page)).length, 4);
  await inGallery(page, ({ shadowRoot }) => shadowRoot.querySelector('[part~="open"]').focus());
  for (const [key, index] of [
    ['ArrowRight', 1],
    ['Enter', 1],
    ['ArrowRight', 2],
    ['End', 3],
    ['Home', 0],
    ['ArrowRight', 1],
  ]) {
    await page.keyboard.press(key);
    await soon(() => indexOf(page), index);
  }
  assert.equal(await opened(), true);
  await page.keyboard.press('Escape');
  await soon(opened, false);
  assert.equal(await focused(page), 'open');
  assert.equal(await indexOf(page), 1);
  assert.deepEqual(page.faults, []);
});

test('the editor adds a picture, orders, describes and saves', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}/edit`);
  await page.waitForSelector('.workbench');
  await page.type('.adder [name=url], #add-url', '/samples/harbor-top.b168ae2e.webp');
  await page.type('.adder [name=alt], #add-alt', 'From above');
  await page.click('.adder button');
  await soon(() => page.$$eval('.items > li', (rows) => rows.length), 3);
  await page.focus('.items > li:nth-child(1) [name=alt]');
  await page.keyboard.press('End');
  await page.keyboard.type(', in Firefox');
  await page.click('.dock .save');
  await soon(() => page.$eval('.state-text', ({ textContent }) => textContent), 'Saved. Everyone can see it.');
  assert.deepEqual(
    (await read(id)).media.map(({ alt }) => alt),
    ['Side 1, in Firefox', 'Side 2', 'From above'],
  );
  assert.deepEqual(page.dialogs, []);
  assert.deepEqual(page.faults, []);
});

test('hostile values in the store run no script and request nothing but pictures and videos', async (t) => {
  const { urls, texts } = JSON.parse(await readFile(new URL('./hostile.json', import.meta.url), 'utf8'));
  const items = [
    ...urls.map((url) => ({ type: 'image', url, alt: 'A' })),
    ...urls.map((url) => ({ type: 'video', url: '/none.webm', poster: url, alt: 'B' })),
    ...texts.map((text) => ({ type: 'image', url: '/none.webp', alt: text, placeholder: text.slice(0, 100) })),
  ];
  const ids = [];
  t.after(() => Promise.all(ids.map(remove)));
  const page = await open(t, '/', {
    prepare: (fresh) => fresh.evaluateOnNewDocument(() => (window.pwned = () => alert('pwned'))),
  });
  // Nothing outside is reached.
  await page.setRequestInterception(true);
  const foreign = [];
  page.on('request', (request) => {
    if (request.url().startsWith(SITE) || /^(?:data|blob|about):/.test(request.url())) {
      request.continue().catch(() => {});
    } else {
      foreign.push({ url: request.url(), from: request.headers()['sec-fetch-dest'] });
      request.abort().catch(() => {});
    }
  });
  for (let from = 0; from < items.length; from += 50) {
    const media = items.slice(from, from + 50).map((item, index) => ({ id: index + 1, ...item }));
    const id = await product();
    await sql('insert into product_media (product_id, media) values ($1, $2::text::json)', [id, JSON.stringify(media)]);
    ids.push(id);
    for (const path of [`/products/${id}`, `/products/${id}/edit`]) {
      await page.goto(SITE + path);
      await page.waitForSelector(path.endsWith('/edit') ? '.workbench' : 'product-canvas:defined');
      await page.evaluate(() => document.querySelector('product-canvas')?.open(0));
      assert.equal(new URL(page.url()).origin, SITE, `${path} led elsewhere`);
    }
  }
  // Firefox does not always know yet what a request is for.
  const pictures = new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).href));
  assert.deepEqual(
    foreign.filter(
      ({ url, from }) => !url.startsWith('https:') || !(from ? ['image', 'video'].includes(from) : pictures.has(url)),
    ),
    [],
  );
  assert.ok(foreign.length > 0, 'No request was seen');
  assert.deepEqual(page.dialogs, []);
  // What has been waited for would have been heard.
  await page.evaluate(() => window.pwned());
  await soon(() => page.dialogs, ['pwned']);
});
