// The catalogue, and the panel that shows where a page's media came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsing, eventually, product, sample, SITE, sql, WIDTHS } from './support/site.js';

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

test('a catalogue of several pages leads from each to the next, and back to the start', async (t) => {
  const ids = [];
  for (let n = 0; n < 26; n++) {
    ids.push(await product(sample(1)));
  }
  const page = await open(t, `/?from=${ids[0]}`);
  const cards = () =>
    page.locator('.card').evaluateAll((all) => all.map((card) => Number(card.pathname.split('/').pop())));
  assert.deepEqual(await cards(), ids.slice(0, 24), await page.locator('main').innerText());
  await page.getByRole('link', { name: 'More products' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/?from=${ids[24]}`);
  assert.deepEqual((await cards()).slice(0, 2), ids.slice(24));
  await page.getByRole('link', { name: 'Back to the start' }).click();
  await page.waitForURL(`${SITE}/`);
  assert.equal((await cards())[0], 1);
  await page.goto(`${SITE}/?from=9007199254740991`);
  await page.getByText('You’ve reached the end').waitFor();
  assert.deepEqual(page.faults, []);
});

test('pictures at http addresses in the store are replaced by their texts, without a policy violation', async (t) => {
  const id = await product();
  const media = [
    { id: 1, type: 'image', url: 'http://cdn.invalid/a.webp', alt: 'Left side' },
    { id: 2, type: 'video', url: 'http://cdn.invalid/a.webm', poster: 'http://cdn.invalid/p.webp', alt: 'On foot' },
    { id: 3, type: 'image', url: '/samples/harbor-top.b168ae2e.webp', alt: 'From above', width: 800, height: 1000 },
  ];
  await sql('insert into product_media (product_id, media) values ($1, $2::text::json)', [id, JSON.stringify(media)]);
  const asked = [];
  const prepare = async (fresh) => fresh.on('request', (request) => asked.push(request.url()));
  for (const javaScriptEnabled of [true, false]) {
    const page = await open(t, `/products/${id}`, { javaScriptEnabled, prepare });
    for (const text of ['Left side', 'On foot']) {
      await page.locator('product-canvas').getByText(text).filter({ visible: true }).waitFor();
    }
    await page.goto(`${SITE}/?from=${id}`);
    assert.equal(await page.locator('.card img').first().getAttribute('src'), '/samples/harbor-top.b168ae2e.webp');
    assert.deepEqual(page.faults, []);
  }
  assert.deepEqual(
    asked.filter((url) => url.includes('cdn.invalid')),
    [],
  );
});

test('the panel shows which tier answered, and reads again', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  const answered = () =>
    page.locator('.tiers [data-role=answered]').evaluateAll((all) => all.map((one) => one.dataset.tier));
  assert.equal((await answered()).length, 1);
  assert.match(await page.locator('.duration strong').textContent(), /^\d+\.\d\d ms$/);
  const again = page.getByRole('button', { name: 'Read again' });
  await again.focus();
  for (let reads = 1; reads <= 3; reads++) {
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.reads li').count(), reads);
  }
  await eventually(async () => {
    await page.keyboard.press('Enter');
    return answered();
  }, ['near']);
  assert.match(await page.locator('.read-status').textContent(), /^Memory answered this browser in \d+\.\d ms\.$/);
  assert.equal(await page.locator('.duration span').textContent(), 'to reach this browser');
  assert.equal(await again.evaluate((button) => button === document.activeElement), true);
  await page.context().setOffline(true);
  await again.click();
  await eventually(
    () => page.locator('.read-status').textContent(),
    'The service cannot be reached. Please try again.',
  );
  assert.deepEqual(page.faults, []);
});

test('a product without media leads to its editor', async (t) => {
  const id = await product();
  const page = await open(t, `/products/${id}`);
  await page.getByRole('link', { name: 'Add the first picture' }).click();
  await page.waitForURL(`**/products/${id}/edit`);
});
