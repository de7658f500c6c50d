// What the editor says: it never claims what is not so, from the first letter typed until everything is saved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsing, eventually, product, put, read, sample } from './support/site.js';

const open = browsing();

const edit = async (t, id) => {
  const page = await open(t, `/products/${id}/edit`);
  await page.locator('.workbench').waitFor();
  return page;
};

const said = (page) =>
  page.locator('.dock').evaluate((dock) => [dock.dataset.state, dock.querySelector('.state').innerText.trim()]);
const save = (page) => page.locator('.dock .save').click();
const row = (page, index) => page.locator('.items > li').nth(index);
const address = (page) => page.locator('.adder').getByLabel('Address');
const urls = (page) => page.locator('.items [name=url]').evaluateAll((all) => all.map(({ value }) => value));
const TOP = '/samples/harbor-top.b168ae2e.webp';

test('each state is named with its reason, and no longer once it has passed', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  const alt = row(page, 0).locator('[name=alt]');
  await eventually(() => said(page), ['saved', 'Saved. Everyone can see it.']);
  await alt.fill('One');
  const unsaved = ['unsaved', 'Unsaved changes. Only you can see them, until you save.'];
  await eventually(() => said(page), unsaved);
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  await page.route('**/media', async (route) => {
    await gate;
    await route.continue();
  });
  await save(page);
  await eventually(() => said(page), ['saving', 'Saving…']);
  release();
  await eventually(() => said(page), ['saved', 'Saved. Everyone can see it.']);
  await alt.pressSequentially('!');
  await eventually(() => said(page), unsaved);
  await page.context().setOffline(true);
  await eventually(() => said(page), ['offline', 'Offline. What you change stays in this tab until you can save it.']);
  await page.context().setOffline(false);
  await eventually(async () => (await said(page))[0], 'unsaved');
  await row(page, 1).locator('[name=url]').fill('javascript:alert(1)');
  await save(page);
  await eventually(() => said(page), ['refused', 'Not saved. Please fix 1 error.']);
  await row(page, 1).locator('[name=url]').fill(TOP);
  await eventually(() => said(page), unsaved);
  await put(id, [{ type: 'image', url: '/a.webp', alt: 'Theirs' }]);
  await save(page);
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await eventually(async () => (await said(page))[0], 'conflict');
  await alt.fill('Two');
  assert.equal((await said(page))[0], 'conflict', 'typing does not settle a conflict');
  assert.deepEqual(page.faults, []);
});

test('the reason of a failed save is in view, wherever the page is scrolled', async (t) => {
  const id = await product(sample(6));
  const page = await edit(t, id);
  await page.route('**/media', (route) => route.fulfill({ status: 507, json: { detail: 'The disk is full.' } }));
  await row(page, 5).locator('[name=alt]').fill('One');
  await save(page);
  await eventually(() => said(page), ['refused', 'Not saved. The disk is full.']);
  const { y, height } = await page.getByText('The disk is full.').boundingBox();
  assert.ok(y >= 0 && y + height <= page.viewportSize().height);
});

test('an address that is typed but not added counts as unsaved, and a save adds it', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await address(page).fill(TOP);
  assert.equal((await said(page))[0], 'unsaved');
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.dismiss().catch(() => {});
  });
  await page.evaluate(() => location.reload());
  await eventually(() => asked, ['beforeunload']);
  await save(page);
  await eventually(() => said(page), ['saved', 'Saved. Everyone can see it.']);
  assert.equal((await read(id)).media[1].url, TOP);
  assert.equal(await address(page).inputValue(), '');
});

test('a save stops at an entry that cannot be added, and says so', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('One');
  await address(page).fill('www.shop.example/a.webp');
  await save(page);
  await eventually(() => said(page), [
    'refused',
    'Not saved. What you entered under “Add” cannot be added. Correct or clear it.',
  ]);
  assert.equal((await read(id)).media[0].alt, 'Side 1');
  await address(page).fill('');
  await save(page);
  await eventually(async () => (await said(page))[0], 'saved');
});

test('pasted lines become items, each with the type that its name tells; undo takes all of them back', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const lines = Array.from({ length: 20 }, (_, n) => `https://cdn.invalid/${n}.${n === 7 ? 'mp4' : 'jpg'}`);
  const paste = (text) =>
    address(page).evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste(lines.join('\r\n'));
  assert.deepEqual((await urls(page)).slice(1), lines);
  assert.equal(await row(page, 8).locator('[name=poster]').isVisible(), true);
  assert.equal(await row(page, 7).locator('[name=poster]').isVisible(), false);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.equal((await urls(page)).length, 1);
  await paste(`${lines[0]}\nwww.shop.example/a.jpg\n\n${lines[1]}\tftp://shop.example/b.jpg`);
  assert.deepEqual((await urls(page)).slice(1), lines.slice(0, 2));
  assert.equal(await address(page).inputValue(), 'www.shop.example/a.jpg\nftp://shop.example/b.jpg');
  assert.match(await page.locator('.adder .error').innerText(), /^Begin the address with https:.* Not added: 2 addresses\.$/);
});

test('more addresses than a product has room for stay in the field', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const lines = Array.from({ length: 51 }, (_, n) => `/many/${n}.jpg`);
  await address(page).fill(lines.join('\n'));
  await page.locator('.adder').getByRole('button', { name: 'Add' }).click();
  assert.equal((await urls(page)).length, 50);
  assert.equal(await address(page).inputValue(), '/many/49.jpg\n/many/50.jpg');
  assert.equal(await page.locator('.adder .error').innerText(), 'There is no room for these 2 addresses.');
});

test('an address is checked as it is added, not only by the service', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  for (const [text, reason] of [
    ['javascript:alert(1)', /^Begin the address with https:/],
    ['www.shop.example/a.webp', /^Begin the address with https:/],
    ['a.webp', /^Begin the address with https:/],
    ['http://shop.example/a.webp', /^Begin the address with https:/],
    ['//shop.example/a.webp', /begins with one slash/],
    ['https:///a.webp', /no host name/],
    ['https://user:secret@shop.example/a.webp', /no user name or password/],
    ['https://shop.example:99999/a.webp', /host name or the port/],
    ['https://shop.example/a b.webp', /no spaces/],
    ['file:///home/me/a.webp', /file on your computer/],
    ['C:\\pictures\\a.webp', /no spaces, backslashes|file on your computer/],
    [`https://shop.example/${'a'.repeat(2048)}`, /at most 2048 characters/],
  ]) {
    await address(page).fill(text);
    await page.keyboard.press('Enter');
    assert.match(await page.locator('.adder .error').innerText(), reason, text);
    assert.equal(await address(page).inputValue(), text);
    assert.equal(await address(page).getAttribute('aria-invalid'), 'true');
  }
  assert.equal((await urls(page)).length, 1);
});

test('a picture that does not load is told at its address', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await address(page).fill('/samples/no-such-picture.webp');
  await page.keyboard.press('Enter');
  const note = row(page, 1).getByText('Nothing could be loaded from this address.');
  await note.waitFor();
  await row(page, 1).locator('[name=url]').fill(TOP);
  await note.waitFor({ state: 'hidden' });
  assert.equal(await row(page, 0).getByText('Nothing could be loaded').isVisible(), false);
});
