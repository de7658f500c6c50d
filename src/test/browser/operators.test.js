// The live page of the management port: it shows what the node does now, and asks for the key where there is one.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { ARTEFACTS, browsing, eventually, GUARDED_KEY, product, read, sample } from './support/site.js';

const { MANAGEMENT, GUARDED_MANAGEMENT } = process.env;
const open = browsing();
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const figure = (page, name) => page.locator('.figure', { hasText: name }).locator('dd');
const chart = (page, title) => page.locator('.chart', { hasText: title });

test('the charts show the requests that this node answers', async (t) => {
  const page = await open(t, MANAGEMENT + '/');
  await page.getByRole('status').filter({ hasText: 'Ready: serving' }).waitFor();
  const id = await product(sample(2));
  let asking = true;
  const load = (async () => {
    while (asking) {
      await read(id);
    }
  })();
  try {
    await chart(page, 'Requests of the API').locator('.legend').filter({ hasText: '200' }).waitFor();
    await eventually(async () => (await figure(page, 'From a cache').textContent()) !== '–', true);
    await eventually(async () => /\d ms/.test(await figure(page, 'p99').textContent()), true);
    assert.match(await chart(page, 'Products read').locator('.legend').textContent(), /near \d/);
    const line = await chart(page, 'Requests of the API').locator('path').first().getAttribute('d');
    await eventually(
      async () => (await chart(page, 'Requests of the API').locator('path').first().getAttribute('d')) !== line,
      true,
    );
  } finally {
    asking = false;
    await load;
  }
  assert.match(await page.locator('#nodes tr').textContent(), /http, data.*answers/);
  await page.getByRole('button', { name: 'Pause' }).click();
  assert.equal(await page.getByRole('button', { name: 'Go on' }).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(page.faults, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1440]) {
    test(`axe finds nothing at ${width} pixels, ${colorScheme}, and nothing overflows`, async (t) => {
      const page = await open(t, MANAGEMENT + '/', { width, colorScheme });
      await page.locator('#nodes tr').waitFor();
      await figure(page, 'Requests').waitFor();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}`), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      await mkdir(ARTEFACTS, { recursive: true });
      await page.screenshot({ path: join(ARTEFACTS, `live-${width}-${colorScheme}.png`), fullPage: true });
    });
  }
}

test('with a key, the page asks for it and then shows the figures', async (t) => {
  const page = await open(t, GUARDED_MANAGEMENT + '/');
  await page.getByLabel('This management port needs its key').fill(GUARDED_KEY);
  assert.equal(await page.locator('#nodes tr').count(), 0);
  await page.getByRole('button', { name: 'Use this key' }).click();
  await page.getByRole('status').filter({ hasText: 'Ready: serving' }).waitFor();
  await figure(page, 'Requests').waitFor();
  assert.deepEqual(page.faults, []);
});
