// The page that shows openapi.json and asyncapi.json to people.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { browsing } from './support/site.js';

const open = browsing();
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    test(`the interfaces fit ${width} pixels, ${colorScheme}, and axe finds nothing`, async (t) => {
      const page = await open(t, '/docs', { width, colorScheme });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      const [title, brand] = [await page.locator('h1').boundingBox(), await page.locator('.brand').boundingBox()];
      assert.equal(title.x, brand.x);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}`), []);
      assert.deepEqual(page.faults, []);
    });
  }
}

test('the contents lead to each operation, without a script', async (t) => {
  const page = await open(t, '/docs', { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Change some items' }).click();
  await page.waitForURL('**/docs#mediaPatch');
  await page.getByRole('heading', { name: 'Change some items' }).waitFor();
});
