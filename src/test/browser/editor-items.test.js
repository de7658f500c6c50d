// Many items in the editor: the grid, selections, drops and pastes, focal points, texts, and what is missing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsing, eventually, product, put, read, rightToLeft, sample, SITE } from './support/site.js';

const open = browsing();

const edit = async (t, id, options) => {
  const page = await open(t, `/products/${id}/edit`, options);
  await page.locator('.workbench').waitFor();
  return page;
};

const many = (count) =>
  Array.from({ length: count }, (_, index) => ({ ...sample(6)[index % 6], alt: `Number ${index + 1}` }));
const alts = (page) => page.locator('.items [name=alt]').evaluateAll((all) => all.map(({ value }) => value));
const first = async (page, count) => (await alts(page)).slice(0, count).map((alt) => Number(alt.split(' ')[1]));
const row = (page, index) => page.locator('.items > li').nth(index);
const grid = (page) => page.getByRole('button', { name: 'Grid', exact: true }).click();
const state = (page) => page.locator('.dock').getAttribute('data-state');
const save = async (page) => {
  await page.locator('.dock .save').click();
  await eventually(() => state(page), 'saved');
};

test('50 items are ordered in a grid on a phone: by drag, by keys, and several at once', async (t) => {
  const id = await product(many(50));
  const page = await edit(t, id, { width: 390 });
  await grid(page);
  const { height } = await page.locator('.items').boundingBox();
  assert.ok(height < 3 * 844, `${height} pixels high`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  const handle = await row(page, 0).locator('.handle').boundingBox();
  assert.ok(handle.width >= 44 && handle.height >= 32, JSON.stringify(handle));

  const target = await row(page, 6).locator('.picture').boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual(await first(page, 8), [2, 3, 4, 5, 6, 7, 1, 8]);

  await row(page, 6).locator('.handle').focus();
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual(await first(page, 8), [2, 3, 4, 5, 6, 1, 7, 8]);
  await page.keyboard.press('ArrowUp');
  assert.deepEqual(await first(page, 8), [2, 1, 3, 4, 5, 6, 7, 8]);
  await page.keyboard.press('Home');
  assert.deepEqual(await first(page, 3), [1, 2, 3]);

  await row(page, 47).locator('.select input').check();
  await row(page, 49).locator('.select input').click({ modifiers: ['Shift'] });
  const selection = page.getByRole('group', { name: 'Selected items' });
  assert.equal(await selection.locator('.selected-count').textContent(), '3 selected');
  await selection.getByRole('button', { name: 'Move to front' }).click();
  assert.deepEqual(await first(page, 5), [48, 49, 50, 1, 2]);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.deepEqual(await first(page, 3), [1, 2, 3]);
  await selection.getByRole('button', { name: 'Delete' }).click();
  assert.equal((await alts(page)).length, 47);
  assert.equal(await selection.isVisible(), false);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.equal((await alts(page)).length, 50);
  assert.equal(await state(page), 'saved');
  await row(page, 4).locator('.picture').click();
  assert.equal(
    await row(page, 4)
      .locator('[name=alt]')
      .evaluate((field) => field === document.activeElement),
    true,
  );
  assert.deepEqual(page.faults, []);
});

test('an item moves to the front with one button, and selected items move together', async (t) => {
  const id = await product(many(6));
  const page = await edit(t, id);
  await row(page, 3).locator('.first').click();
  assert.deepEqual(await first(page, 6), [4, 1, 2, 3, 5, 6]);
  await row(page, 0).locator('.select input').check();
  await row(page, 4).locator('.select input').check();
  await row(page, 0).locator('.handle').focus();
  await page.keyboard.press('End');
  assert.deepEqual(await first(page, 6), [1, 2, 3, 6, 4, 5]);
  await save(page);
  assert.deepEqual(
    (await read(id)).media.map(({ alt }) => alt),
    [1, 2, 3, 6, 4, 5].map((number) => `Number ${number}`),
  );
});

test('addresses are dropped and pasted anywhere; files are told apart', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const transfer = (type, data) =>
    page.evaluate(
      ([kind, entries]) => {
        const carried = new DataTransfer();
        for (const [format, text] of entries) {
          format === 'file' ? carried.items.add(new File(['x'], text)) : carried.setData(format, text);
        }
        const init = { bubbles: true, cancelable: true };
        const event =
          kind === 'paste'
            ? new ClipboardEvent('paste', { ...init, clipboardData: carried })
            : new DragEvent('drop', { ...init, dataTransfer: carried });
        (kind === 'paste' ? document.body : document.querySelector('.preview')).dispatchEvent(event);
      },
      [type, data],
    );
  const urls = () => page.locator('.items [name=url]').evaluateAll((all) => all.map(({ value }) => value));
  await transfer('drop', [['text/uri-list', '# two\r\nhttps://cdn.invalid/1.jpg\r\nhttps://cdn.invalid/2.mp4\r\n']]);
  await transfer('paste', [['text/plain', '/samples/3.webp\n/samples/4.webp']]);
  await transfer('drop', [['file', 'a.jpg'], ['text/uri-list', 'https://cdn.invalid/5.jpg']]);
  const added = ['https://cdn.invalid/1.jpg', 'https://cdn.invalid/2.mp4', '/samples/3.webp', '/samples/4.webp'];
  assert.deepEqual((await urls()).slice(1), [...added, 'https://cdn.invalid/5.jpg']);
  await transfer('drop', [['file', 'a.jpg']]);
  await page.locator('.dock').getByText('Canvas keeps addresses, not files.').waitFor();
  await transfer('drop', [['text/uri-list', 'file:///home/me/a.jpg']]);
  await page.locator('.adder .error').getByText('file on your computer').waitFor();
  assert.equal((await urls()).length, 6);
});

test('the focal point is set by a click on the picture or by keys, and can be removed', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const dialog = page.getByRole('dialog', { name: 'What has to stay in view?' });
  await row(page, 0).locator('.picture').click();
  const picture = dialog.locator('img');
  await eventually(() => picture.evaluate(({ complete, naturalWidth }) => complete && naturalWidth), 800);
  const { width, height } = await picture.boundingBox();
  await dialog.locator('.focal-target').click({ position: { x: width / 4, y: (height * 3) / 4 } });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await save(page);
  const [{ focal }] = (await read(id)).media;
  assert.ok(Math.abs(focal.x - 0.29) <= 0.011 && Math.abs(focal.y - 0.75) <= 0.011, JSON.stringify(focal));
  assert.equal(await row(page, 0).locator('.focal-dot').isVisible(), true);
  await row(page, 0).locator('.picture').click();
  await dialog.getByRole('button', { name: 'No focal point' }).click();
  await save(page);
  assert.equal((await read(id)).media[0].focal, undefined);
});

test('right to left, focal points stay where they are in the picture, and addresses read as everywhere', async (t) => {
  const [first, second] = sample(2);
  const id = await product([{ ...first, focal: { x: 0.2, y: 0.4 } }, second]);
  const page = await edit(t, id, { prepare: rightToLeft });
  const place = async (mark, picture) => {
    const [point, whole] = [await page.locator(mark).first().boundingBox(), await picture.boundingBox()];
    return Math.round(((point.x + point.width / 2 - whole.x) / whole.width) * 20) / 20;
  };
  assert.equal(await place('.focal-dot', row(page, 0).locator('.shot')), 0.2);
  await row(page, 0).locator('.picture').click();
  await eventually(() => place('.focal-marker', page.locator('.focal img')), 0.2);
  await page.keyboard.press('Escape');
  for (const field of await page.locator('[name=url]').all()) {
    assert.equal(await field.evaluate((one) => getComputedStyle(one).direction), 'ltr');
  }
  await grid(page);
  await row(page, 0).locator('.handle').focus();
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual(await alts(page), ['Side 2', 'Side 1']);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test('a long text is counted and never cut', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const alt = row(page, 0).locator('[name=alt]');
  const counter = row(page, 0).locator('.counter');
  await alt.fill('🥾'.repeat(500));
  assert.equal(await counter.textContent(), '500 of 500');
  await alt.press('End');
  await alt.pressSequentially('!!');
  assert.equal(await counter.textContent(), '502 of 500: 2 too many');
  await page.locator('.dock .save').click();
  await eventually(() => state(page), 'refused');
  assert.equal((await alt.inputValue()).length, 1002);
  await page.getByText('One thing is missing').click();
  await page.getByRole('button', { name: /the alternative text is too long/ }).waitFor();
  await alt.fill('two\nlines');
  await save(page);
  assert.equal((await read(id)).media[0].alt, 'two lines');
});

test('what is missing is listed, and each entry leads to its field', async (t) => {
  const [good, bare] = sample(2);
  const id = await product([
    good,
    { ...bare, alt: undefined },
    { ...bare, alt: undefined, decorative: true },
    { type: 'video', url: '/samples/no-such.webm', alt: 'Clip' },
  ]);
  const page = await edit(t, id);
  const review = page.locator('.review');
  await eventually(() => review.locator('summary').textContent(), '3 things are missing');
  await review.locator('summary').click();
  const entries = () => review.getByRole('button').allTextContents();
  assert.deepEqual(await entries(), [
    '2. Picture: no alternative text',
    '4. “Clip”: nothing could be loaded',
    '4. “Clip”: no poster',
  ]);
  await grid(page);
  await review.getByRole('button', { name: '4. “Clip”: no poster' }).click();
  await page.keyboard.type('/samples/harbor-poster.67755d90.webp');
  await row(page, 1).locator('[name=alt]').fill('Two');
  await eventually(() => review.isVisible(), false);
});

test('what others save appears while nothing is unsaved; otherwise the dock tells of a conflict', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  const before = await read(id);
  // The first message of the socket says that it follows the product.
  await put(id, [...before.media, { type: 'image', url: '/samples/new.webp', alt: 'Theirs' }]);
  await eventually(() => alts(page), ['Side 1', 'Side 2', 'Theirs']);
  assert.equal(await state(page), 'saved');
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await put(id, (await read(id)).media.slice(1));
  await eventually(() => state(page), 'conflict');
  assert.deepEqual(await alts(page), ['Mine', 'Side 2', 'Theirs']);
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Save mine instead' }).click();
  await eventually(() => state(page), 'saved');
  assert.deepEqual(
    (await read(id)).media.map(({ alt }) => alt),
    ['Mine', 'Side 2', 'Theirs'],
  );
});

test('of a conflict, single items are taken from either side; new ids are matched by content', async (t) => {
  const id = await product(sample(3));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await row(page, 2).locator('.remove').click();
  const [one, two, three] = sample(3);
  // Without ids, so that all of them get new ones.
  await put(id, [{ ...one, alt: 'Theirs' }, { type: 'image', url: '/samples/new.webp', alt: 'New' }, two, three]);
  await page.locator('.dock .save').click();
  const dialog = page.getByRole('dialog', { name: 'Someone else changed this product' });
  await dialog.waitFor();
  assert.deepEqual(await dialog.locator('.theirs .mark').allTextContents(), [
    'Different: text',
    'Different: only theirs',
    'Different: only theirs',
  ]);
  await dialog.getByLabel('Use their “Theirs”').check();
  assert.equal(await dialog.getByLabel('Use your “Mine”').isChecked(), false);
  await dialog.getByLabel('Use their “New”').check();
  await dialog.getByRole('button', { name: 'Save the chosen items' }).click();
  await eventually(() => state(page), 'saved');
  const { media } = await read(id);
  assert.deepEqual(
    media.map(({ alt }) => alt),
    ['Theirs', 'New', 'Side 2'],
  );
});

test('with text of 32 pixels on a phone of 360, nothing overflows', async (t) => {
  const id = await product(sample(3, 1));
  for (const path of [`/products/${id}/edit`, `/products/${id}`, '/', '/nothing']) {
    const page = await open(t, 'about:blank', { viewport: { width: 360, height: 740 } });
    await page.goto(SITE + path);
    if (path.endsWith('edit')) {
      await page.locator('.workbench').waitFor();
      await row(page, 0).locator('.select input').check();
      await row(page, 0).locator('[name=url]').fill(`https://shop.example/${'long'.repeat(40)}`);
    }
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'));
    const overflowing = await page.evaluate(() =>
      [...document.querySelectorAll('body, body *')]
        .filter((element) => element.checkVisibility() && !element.closest('product-canvas, .visually-hidden, svg, template'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map((element) => `${element.tagName}.${element.className}`),
    );
    assert.deepEqual(overflowing, [], path);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, path);
  }
});

test('international hosts are shown in their letters and stored in ASCII', async (t) => {
  const stored = 'https://xn--bcher-kva.example/1.jpg';
  const id = await product([{ type: 'image', url: stored, alt: 'Books', width: 8, height: 8 }]);
  const page = await edit(t, id);
  const address = row(page, 0).locator('[name=url]');
  assert.equal(await address.inputValue(), 'https://bücher.example/1.jpg');
  await address.fill('https://bücher.example/2.jpg');
  await address.fill('https://bücher.example/1.jpg');
  assert.equal(await address.inputValue(), 'https://bücher.example/1.jpg');
  await page.locator('#add-url').fill('https://gооgle.example/3.jpg');
  await page.locator('.adder button').click();
  assert.equal(await row(page, 1).locator('[name=url]').inputValue(), 'https://xn--ggle-55da.example/3.jpg');
  await save(page);
  const { media } = await read(id);
  assert.deepEqual(
    media.map(({ url }) => url),
    [stored, 'https://xn--ggle-55da.example/3.jpg'],
  );
  assert.equal(await address.inputValue(), 'https://bücher.example/1.jpg');
});
