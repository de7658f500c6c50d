// The catalogue, and the panel that shows where a page's media came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  browsing,
  eventually,
  guarded,
  GUARDED_SITE,
  product,
  rightToLeft,
  sample,
  SITE,
  sql,
  WIDTHS,
} from './support/site.js';

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

test('where the first picture of a product is dead, the catalogue shows the next one', async (t) => {
  const dead = { type: 'image', url: '/samples/dead.webp', alt: 'Dead' };
  const [alive] = sample(1);
  const ids = [await product([dead, { ...dead, url: '/samples/dead2.webp' }, alive]), await product([dead])];
  const page = await open(t, `/?from=${ids[0]}`);
  const first = page.locator(`.card[href="/products/${ids[0]}"]`);
  await eventually(() => first.locator('img').evaluate((image) => image.complete && image.naturalWidth), 800);
  assert.equal(await first.locator('img').getAttribute('src'), alive.url);
  await page.locator(`.card[href="/products/${ids[1]}"]`).getByText('No picture', { exact: true }).waitFor();
  // An event that comes late changes nothing.
  await first.locator('img').evaluate((image) => image.dispatchEvent(new Event('error')));
  assert.equal(await first.locator('img').getAttribute('src'), alive.url);
  assert.deepEqual(page.faults, []);
});

test('an unknown path is a page that leads on, and other spellings of an address lead to it', async (t) => {
  const page = await open(t, '/nothing/here');
  assert.equal(await page.locator('h1').textContent(), 'We can’t find that page');
  await page.getByRole('link', { name: 'See all products' }).click();
  await page.waitForURL(`${SITE}/`);
  for (const path of ['/products/001', '/products/1/']) {
    await page.goto(SITE + path);
    assert.equal(page.url(), `${SITE}/products/1`);
  }
});

test('shoppers see no tools of operators; the editor has them one address away', async (t) => {
  const id = await product(sample(1), guarded());
  const page = await open(t, `${GUARDED_SITE}/products/${id}`);
  await page.locator('product-canvas [part~=gallery]').waitFor();
  for (const text of ['Edit', 'JSON', 'Where this came from']) {
    assert.equal(await page.getByText(text, { exact: true }).count(), 0, text);
  }
  await page.goto(`${GUARDED_SITE}/products/${id}/edit`);
  await page.locator('.workbench').waitFor();
});

test('malformed rows of the store are named in the catalogue, and the editor replaces them', async (t) => {
  const malformed = ['null', '7', '"text"', '{"a":1}', '[null,3,[]]', '[{"id":1}]'];
  for (const items of malformed) {
    const id = await product();
    await sql('insert into product_media (product_id, media) values ($1, $2::text::json)', [id, items]);
    const page = await open(t, `/?from=${id}`);
    const editor = page.getByRole('link', { name: `The media of product ${id} in the store can’t be read.` });
    assert.equal(await editor.getAttribute('href'), `/products/${id}/edit`, items);
    await editor.click();
    await page.locator('.dock').getByText('could not be read').waitFor();
    await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
    await page.locator('.dock .save').click();
    await eventually(() => page.locator('.dock').getAttribute('data-state'), 'saved');
    await page.goto(`${SITE}/products/${id}`);
    await page.locator('product-canvas [part~=gallery]').waitFor();
    assert.deepEqual(page.faults, []);
  }
});

test('a malformed item is left out in the editor, and the others stay', async (t) => {
  const id = await product();
  const items = [...sample(2).map((item, index) => ({ ...item, id: index + 1 })), { id: 3, type: 'film', url: '/x' }];
  await sql('insert into product_media (product_id, media) values ($1, $2::text::json)', [id, JSON.stringify(items)]);
  const page = await open(t, `/products/${id}/edit`);
  await page.locator('.dock').getByText('An item in the store could not be read').waitFor();
  assert.equal(await page.locator('.items > li').count(), 2);
  assert.equal(await page.locator('.dock').getAttribute('data-state'), 'unsaved');
});

test('right to left, texts read as they are written, and stand at the side where the page begins', async (t) => {
  for (const width of [360, 1280]) {
    const page = await open(t, '/products/1', { width, prepare: rightToLeft });
    for (const text of ['.lead', '.about > .quiet', '.duration strong']) {
      const { places, end, side } = await page.locator(text).evaluate((one) => {
        const content = one.firstChild;
        const of = (n) => {
          const range = document.createRange();
          range.setStart(content, n);
          range.setEnd(content, n + 1);
          return range.getBoundingClientRect();
        };
        const line = document.createRange();
        line.selectNodeContents(one);
        const last = content.data.length - 1;
        return {
          places: [of(last - 1).left, of(last).left],
          end: line.getBoundingClientRect().right,
          side: one.parentElement.getBoundingClientRect().right,
        };
      });
      assert.ok(places[0] < places[1], `the end of ${text} stands before its other letters: ${places}`);
      assert.ok(Math.abs(end - side) < 30, `${text} ends at ${end}, not at ${side}`);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  }
});

test('on paper nothing is left that is to be pressed, and all is dark on white', async (t) => {
  const options = { width: 768, colorScheme: 'dark' };
  for (const [path, ready] of [
    ['/', '.shelf'],
    ['/products/1', '.about'],
    [`/products/${await product(sample(2))}/edit`, '.workbench'],
    ['/products/999999998', '.note'],
    ['/docs', '.docs'],
    [`${process.env.MANAGEMENT}/`, '#nodes tr'],
  ]) {
    const page = await open(t, path, options);
    await page.locator(ready).first().waitFor();
    await page.emulateMedia({ media: 'print' });
    const pressed = await page.evaluate(() =>
      [...document.querySelectorAll('button:not(.picture), select, [type=checkbox]:not(:checked), .go, .pages a')]
        .filter((one) => one.checkVisibility())
        .map(({ textContent, className }) => textContent || className),
    );
    assert.deepEqual(pressed, [], path);
    const bright = await page.evaluate(() =>
      [...document.querySelectorAll('h1, h2, h3, p, dt, dd, label, td, th, textarea, input')]
        .filter((one) => one.checkVisibility())
        .filter((one) => Math.max(...getComputedStyle(one).color.match(/\d+/g).slice(0, 3).map(Number)) > 150)
        .map(({ textContent, className }) => textContent || className),
    );
    assert.deepEqual(bright, [], path);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, path);
  }
});
