// The catalogue, and the panel that tells where a page's media came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsing, eventually, product, sample, WIDTHS } from './support/site.js';

const open = browsing();

for (const width of Object.keys(WIDTHS).map(Number)) {
  test(`at ${width} pixels the catalogue leads to a product by keyboard`, async (t) => {
    const page = await open(t, '/', { width });
    assert.equal(await page.locator('.card').first().getAttribute('href'), '/products/1');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.locator('.card').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/products/1');
    assert.equal(await page.locator('h1').textContent(), 'Meridian Runner');
    assert.deepEqual(page.faults, []);
  });
}

test('a product number leads to its page', async (t) => {
  const page = await open(t, '/');
  await page.getByLabel('Product number').fill('3');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/products/3');
});

test('the panel says which tier answered, and reads again', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  const answered = () => page.locator('.tiers [data-part=answered]').evaluateAll((all) => all.map((one) => one.dataset.tier));
  assert.equal((await answered()).length, 1);
  assert.match(await page.locator('.took strong').textContent(), /^\d+\.\d\d ms$/);
  const again = page.getByRole('button', { name: 'Read it again' });
  await again.focus();
  for (let reads = 1; reads <= 3; reads++) {
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.reads li').count(), reads);
  }
  await eventually(async () => {
    await page.keyboard.press('Enter');
    return answered();
  }, ['near']);
  assert.match(await page.locator('.heard').textContent(), /^Memory answered this browser in \d+\.\d ms\.$/);
  assert.equal(await again.evaluate((button) => button === document.activeElement), true);
  await page.context().setOffline(true);
  await again.click();
  await eventually(() => page.locator('.heard').textContent(), 'No answer: the service cannot be reached.');
  assert.deepEqual(page.faults, []);
});

test('a product without media leads to its editor', async (t) => {
  const id = await product();
  const page = await open(t, `/products/${id}`);
  await page.getByRole('link', { name: 'Add the first picture' }).click();
  await page.waitForURL(`**/products/${id}/edit`);
});
