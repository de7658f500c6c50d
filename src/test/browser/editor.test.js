// The editor: adding, changing, ordering and deleting, by pointer and by keyboard alone; saving, conflicts, validation
// errors, undo.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  browsing,
  eventually,
  guarded,
  GUARDED_KEY,
  GUARDED_SITE,
  product,
  put,
  read,
  remove,
  sample,
  SITE,
  token,
  TOKEN_SITE,
  tokened,
  WIDTHS,
} from './support/site.js';

const open = browsing();

const edit = async (t, id, options) => {
  const page = await open(t, `${options?.site ?? ''}/products/${id}/edit`, options);
  await page.locator('.workbench').waitFor();
  return page;
};

const alts = (page) => page.locator('.items [name=alt]').evaluateAll((all) => all.map(({ value }) => value));
const stored = async (id, site) => (await read(id, site))?.media.map(({ alt }) => alt) ?? null;
const message = (page) => page.locator('.state-text').textContent();
const save = (page) => page.locator('.dock .save').click();
const saved = (page) => eventually(() => message(page), 'Saved. Everyone can see it.');
const row = (page, index) => page.locator('.items > li').nth(index);
const state = (page) => page.locator('.dock').getAttribute('data-state');
const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

test('how to order items is told as soon as there are two', async (t) => {
  const page = await edit(t, await product(sample(1)));
  const hint = page.getByText('Drag an item by its handle');
  assert.equal(await hint.isVisible(), false);
  const add = page.locator('.adder');
  await add.getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await add.getByLabel('Alternative text').fill('From above');
  await add.getByRole('button', { name: 'Add' }).click();
  await hint.waitFor();
});

for (const width of Object.keys(WIDTHS).map(Number)) {
  test(`at ${width} pixels a picture and a video are added by address, and saved`, async (t) => {
    const id = await product(sample(1));
    const page = await edit(t, id, { width });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    const add = page.locator('.adder');
    await add.getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
    await add.getByLabel('Alternative text').fill('From above');
    await add.getByRole('button', { name: 'Add' }).click();
    await add.getByRole('radio', { name: 'Video' }).check();
    await add.getByLabel('Address').fill('/samples/harbor-turntable.bb31aa51.webm');
    await add.getByLabel(/Poster/).fill('/samples/harbor-poster.67755d90.webp');
    await add.getByLabel(/Decorative/).check();
    await add.getByRole('button', { name: 'Add' }).click();
    assert.equal(await hasFocus(add.getByLabel('Address')), true);
    await eventually(() => row(page, 1).locator('.thumb').getAttribute('data-state'), 'shown');
    assert.equal(await state(page), 'unsaved');
    await save(page);
    await saved(page);
    const [, picture, video] = (await read(id)).media;
    assert.deepEqual(
      { ...picture, id: 0 },
      { id: 0, type: 'image', url: '/samples/harbor-top.b168ae2e.webp', alt: 'From above', width: 800, height: 1000 },
    );
    assert.equal(video.poster, '/samples/harbor-poster.67755d90.webp');
    assert.equal(video.decorative, true);
    assert.equal(await state(page), 'saved');
    assert.deepEqual(page.faults, []);
  });

  test(`at ${width} pixels items can be dragged by their handles`, async (t) => {
    const id = await product(sample(4));
    const page = await edit(t, id, { width });
    const drag = async (from, to, release) => {
      await row(page, from).scrollIntoViewIfNeeded();
      const start = await row(page, from).locator('.handle').boundingBox();
      await page.mouse.move(start.x + start.width / 2, start.y + 20);
      await page.mouse.down();
      // Step by step, as rows make way and the page scrolls near an edge.
      for (let steps = 0; steps < 400; steps++) {
        const dragged = page.locator('.items > [data-dragged]');
        const place = await dragged.evaluate((element) => [...element.parentNode.children].indexOf(element));
        if (place === to) {
          break;
        }
        const { y } = await dragged.boundingBox();
        const next = Math.min(page.viewportSize().height - 2, Math.max(2, y + 20 + (to > place ? 40 : -40)));
        await page.mouse.move(start.x + start.width / 2, next);
      }
      await release();
    };
    await drag(0, 2, () => page.mouse.up());
    assert.deepEqual(await alts(page), ['Side 2', 'Side 3', 'Side 1', 'Side 4']);
    assert.match(await message(page), /^Unsaved changes\. Moved “Side 1” to position 3 of 4/);
    assert.equal(await hasFocus(row(page, 2).locator('.handle')), true);
    await drag(3, 0, () => page.mouse.up());
    assert.deepEqual(await alts(page), ['Side 4', 'Side 2', 'Side 3', 'Side 1']);
    await drag(0, 1, () => page.keyboard.press('Escape'));
    await page.mouse.up();
    assert.deepEqual(await alts(page), ['Side 4', 'Side 2', 'Side 3', 'Side 1']);
    await save(page);
    await saved(page);
    assert.deepEqual(await stored(id), ['Side 4', 'Side 2', 'Side 3', 'Side 1']);
    assert.deepEqual(page.faults, []);
  });
}

test('the keyboard alone is enough to order, edit, delete, undo and save', async (t) => {
  const id = await product(sample(4));
  const page = await edit(t, id);
  await row(page, 0).locator('.handle').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await alts(page), ['Side 2', 'Side 3', 'Side 1', 'Side 4']);
  assert.equal(await hasFocus(row(page, 2).locator('.handle')), true);
  await page.keyboard.press('Home');
  assert.deepEqual(await alts(page), ['Side 1', 'Side 2', 'Side 3', 'Side 4']);
  await page.keyboard.press('End');
  assert.deepEqual(await alts(page), ['Side 2', 'Side 3', 'Side 4', 'Side 1']);
  for (let fields = 0; fields < 3; fields++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type('The first side');
  await page.keyboard.press('Tab');
  assert.equal(await hasFocus(row(page, 3).locator('[name=decorative]')), true);
  await row(page, 0).locator('.down').focus();
  await page.keyboard.press('Enter');
  assert.equal(await hasFocus(row(page, 1).locator('.down')), true);
  await row(page, 3).locator('.remove').focus();
  await page.keyboard.press('Space');
  assert.deepEqual(await alts(page), ['Side 3', 'Side 2', 'Side 4']);
  assert.equal(await hasFocus(row(page, 2).locator('.remove')), true);
  await page.keyboard.press('Control+z');
  assert.deepEqual(await alts(page), ['Side 3', 'Side 2', 'Side 4', 'The first side']);
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+s');
  await saved(page);
  assert.deepEqual(await stored(id), ['Side 3', 'Side 2', 'Side 4', 'The first side']);
});

test('every control can be reached with Tab', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  // Not by a locator, which would find the preview's buttons too.
  const expected = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.editor :is(a, button, input, textarea)')];
    return all.filter((one) => one.checkVisibility() && !one.disabled && one.type !== 'radio').length;
  });
  const reached = new Set();
  await page.locator('.editor-head a').focus();
  for (let presses = 0; presses < 150; presses++) {
    reached.add(
      await page.evaluate(() => {
        const active = document.activeElement;
        active.dataset.reached ??= Math.random();
        return active.closest('.editor') && active.matches('a, button, textarea, input:not([type=radio])')
          ? active.dataset.reached
          : '';
      }),
    );
    await page.keyboard.press('Tab');
  }
  reached.delete('');
  assert.equal(reached.size, expected);
});

test('typing in a field is one undo step, and undo leads back to the saved state', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('');
  await row(page, 0).locator('[name=alt]').pressSequentially('Another text');
  await row(page, 0).locator('.remove').click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.deepEqual(await alts(page), ['Side 1', 'Side 2']);
  assert.equal(await state(page), 'saved');
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.deepEqual(await alts(page), ['Another text', 'Side 2']);
});

test('a save is undone by another write, and undo works across saves', async (t) => {
  const id = await product(sample(3));
  const before = await read(id);
  const page = await edit(t, id);
  await row(page, 1).locator('.remove').click();
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 3']);
  await page.getByRole('button', { name: 'Undo save' }).click();
  await eventually(() => message(page), 'Saved. The last save is undone. Everyone can see it.');
  assert.deepEqual(await stored(id), ['Side 1', 'Side 2', 'Side 3']);
  const after = await read(id);
  assert.equal(after.media[0].id, before.media[0].id);
  assert.ok(after.version > before.version);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 3']);
});

test('conflict: saving mine instead of theirs', async (t) => {
  const id = await product(sample(3));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const [first, second] = (await read(id)).media;
  await put(id, [{ ...second, alt: 'Theirs' }, first, { type: 'image', url: '/samples/new.webp', alt: 'New' }]);
  await save(page);
  const dialog = page.getByRole('dialog', { name: 'Someone else changed this product' });
  await dialog.waitFor();
  assert.deepEqual(await dialog.locator('.mine li > div > p:first-child').allTextContents(), [
    '“Mine”',
    '“Side 2”',
    '“Side 3”',
  ]);
  assert.deepEqual(await dialog.locator('.theirs li > div > p:first-child').allTextContents(), [
    '“Theirs”',
    '“Side 1”',
    '“New”',
  ]);
  assert.deepEqual(await dialog.locator('.mine .mark').allTextContents(), [
    'Different: text, order',
    'Different: text, order',
    'Different: only yours',
  ]);
  assert.deepEqual(await stored(id), ['Theirs', 'Side 1', 'New']);
  await dialog.getByRole('button', { name: 'Save mine instead' }).click();
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine', 'Side 2', 'Side 3']);
  assert.equal((await read(id)).media[0].id, first.id);
  assert.equal(await hasFocus(page.locator('.dock .save')), true);
});

test('conflict: using theirs, and undo brings mine back', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await put(id, [{ type: 'image', url: '/a.webp', alt: 'Theirs' }]);
  await save(page);
  await page.getByRole('button', { name: 'Use theirs' }).click();
  assert.deepEqual(await alts(page), ['Theirs']);
  assert.equal(await state(page), 'saved');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.deepEqual(await alts(page), ['Mine', 'Side 2']);
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine', 'Side 2']);
});

test('conflict: Escape leads back to editing, and nothing is written', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await put(id, [{ type: 'image', url: '/a.webp', alt: 'Theirs' }]);
  await save(page);
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => message(page), 'Conflict. Someone else changed this product. Your next save will replace their version.');
  assert.deepEqual(await alts(page), ['Mine', 'Side 2']);
  assert.deepEqual(await stored(id), ['Theirs']);
});

test('conflict: media that someone deleted can be created again', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await remove(id);
  await save(page);
  await page.getByRole('dialog').getByText('They deleted everything.').waitFor();
  await page.getByRole('button', { name: 'Save mine instead' }).click();
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine']);
});

test('validation errors are shown at their fields', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await page.locator('.adder').getByLabel('Address').fill('/samples/new.webp');
  await page.keyboard.press('Enter');
  await row(page, 1).locator('[name=url]').fill('javascript:alert(1)');
  await row(page, 2).locator('[name=url]').fill('http://insecure.example/1.jpg');
  await save(page);
  await eventually(() => message(page), 'Not saved. Please fix 2 errors.');
  const invalid = row(page, 1).locator('[name=url]');
  assert.equal(await hasFocus(invalid), true);
  assert.equal(await invalid.getAttribute('aria-invalid'), 'true');
  const described = await invalid.getAttribute('aria-describedby');
  assert.match(await page.locator(`#${described}`).textContent(), /^Expected https:\/\/… or a path on this site\.$/);
  assert.equal(await row(page, 2).locator('[name=url]').getAttribute('aria-invalid'), 'true');
  assert.equal(await row(page, 0).locator('[aria-invalid]').count(), 0);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 2']);
  await invalid.fill('/samples/harbor-top.b168ae2e.webp');
  assert.equal(await invalid.getAttribute('aria-invalid'), null);
  await row(page, 2).locator('.remove').click();
  await save(page);
  await saved(page);
  assert.equal((await read(id)).media[1].width, undefined, 'the size was that of the old file');
});

test('media of a new product are created, and the save is undone', async (t) => {
  const id = await product();
  const page = await edit(t, id);
  await page.getByText('Nothing here yet.').waitFor();
  await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await page.keyboard.press('Enter');
  await save(page);
  await saved(page);
  assert.equal((await read(id)).media.length, 1);
  await page.getByRole('button', { name: 'Undo save' }).click();
  await eventually(() => read(id), null);
  await eventually(() => message(page), 'Saved. The last save is undone. The product has no pictures or videos again.');
});

test('a size that is measured during a save is not a change', async (t) => {
  const id = await product();
  const page = await edit(t, id);
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  await page.route('**/harbor-top*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.route('**/media', async (route) => {
    release();
    await eventually(() => row(page, 0).locator('.thumb').getAttribute('data-state'), 'shown');
    await route.continue();
  });
  await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await page.keyboard.press('Enter');
  await save(page);
  await saved(page);
  assert.equal(await state(page), 'saved');
  await page.getByRole('button', { name: 'Undo save' }).waitFor();
});

test('the preview shows the draft', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  const preview = () =>
    page.locator('.preview product-canvas').evaluate((element) => element.items.map(({ alt }) => alt));
  await eventually(preview, ['Side 1', 'Side 2']);
  await row(page, 0).locator('.down').click();
  await eventually(preview, ['Side 2', 'Side 1']);
});

test('leaving with unsaved changes asks first', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.accept().catch(() => {});
  });
  await page.reload();
  await page.locator('.workbench').waitFor();
  assert.deepEqual(asked, []);
  await row(page, 0).locator('[name=alt]').pressSequentially('!');
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
});

test('while the service is unreachable nothing is lost, and saving again is safe', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await page.context().setOffline(true);
  await save(page);
  await page.locator('.dock').getByText('We do not know whether this was saved.').waitFor();
  assert.equal(await state(page), 'offline');
  await page.context().setOffline(false);
  await save(page);
  await saved(page);
  assert.equal(await page.getByRole('alert').isVisible(), false);
});

for (const live of [true, false]) {
  test(`a save with a lost response is found to be successful, ${live ? 'by the live updates' : 'by the next save'}`, async (t) => {
    const id = await product(sample(1));
    const prepare = live ? undefined : (page) => page.routeWebSocket(/eventbus/, (socket) => socket.close());
    const page = await edit(t, id, { prepare });
    await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
    await page.keyboard.press('Enter');
    await eventually(() => row(page, 1).locator('.thumb').getAttribute('data-state'), 'shown');
    await page.route(
      '**/media',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await save(page);
    if (!live) {
      await page.locator('.dock').getByText('We do not know whether this was saved.').waitFor();
      await save(page);
    }
    await eventually(() => message(page), 'Saved. The service already has this version.');
    assert.equal((await read(id)).media.length, 2);
    assert.equal(await state(page), 'saved');
  });
}

test('a key is asked for if needed, reported if wrong, and kept in this tab only', async (t) => {
  const id = await product(sample(1), guarded());
  const page = await edit(t, id, { site: GUARDED_SITE });
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const key = page.getByLabel('Key or token');
  await save(page);
  assert.equal(await hasFocus(key), true);
  assert.equal(await page.locator('.credential p').textContent(), 'Enter a key or a token to save.');
  await key.fill('wrong');
  await page.keyboard.press('Enter');
  await save(page);
  await eventually(() => key.getAttribute('aria-invalid'), 'true');
  assert.equal(await hasFocus(key), true);
  assert.deepEqual(await stored(id, GUARDED_SITE), ['Side 1']);
  await key.fill(GUARDED_KEY);
  await page.keyboard.press('Enter');
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id, GUARDED_SITE), ['Mine']);
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [
    1,
    0,
    '',
  ]);
  await page.reload();
  assert.equal(await key.inputValue(), GUARDED_KEY);
});

test('a key that HTTP cannot carry is told as such, before anything is sent', async (t) => {
  const id = await product(sample(1), guarded());
  const page = await edit(t, id, { site: GUARDED_SITE });
  const writes = [];
  page.on('request', (request) => request.method() === 'PUT' && writes.push(request.url()));
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const key = page.getByLabel('Key or token');
  for (const [text, character] of [
    ['a-кey', 'к'],
    ['grün', 'ü'],
    ['“copied”', '“'],
    ['two words', ' '],
    ['key🔑', '🔑'],
  ]) {
    await key.fill(text);
    await save(page);
    const fault = `A key or token cannot have the character “${character}”. Copy it again, without anything around it.`;
    await eventually(() => message(page), `Not saved. ${fault}`);
    assert.equal(await page.locator('.credential p').textContent(), fault);
    assert.equal(await state(page), 'refused');
    assert.equal(await hasFocus(key), true);
  }
  assert.deepEqual(writes, []);
});

test('a token shows its expiry, is reported with a reason if refused, and saves if valid', async (t) => {
  const id = await product(sample(1), tokened());
  const page = await edit(t, id, { site: TOKEN_SITE });
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const field = page.getByLabel('Key or token');
  const note = () => page.locator('.credential p').textContent();
  const attempt = async (credential) => {
    await field.fill(credential);
    await page.keyboard.press('Enter');
    await save(page);
    await eventually(() => field.getAttribute('aria-invalid'), 'true');
    assert.equal(await hasFocus(field), true);
    assert.deepEqual(await stored(id, TOKEN_SITE), ['Side 1']);
  };
  const hourAgo = Math.floor(Date.now() / 1000) - 3_600;
  await attempt(token({ exp: hourAgo }));
  assert.match(await note(), /^This token expired at .*\. Please use a new one\.$/);
  await attempt(token({ aud: 'another' }));
  assert.match(await note(), /issued for another service/);
  await attempt(token({ scope: 'media:read' }));
  assert.match(await note(), /lacks the scope media:write/);
  await attempt('no-token');
  assert.match(await note(), /malformed/);
  await field.fill(token());
  await page.keyboard.press('Enter');
  assert.match(await note(), /^Will be sent when you save \(valid until .+\)\.$/);
  await save(page);
  await saved(page);
  assert.equal(await page.getByRole('alert').isVisible(), false);
  assert.deepEqual(await stored(id, TOKEN_SITE), ['Mine']);
});

test('the bar at the bottom is one row of buttons, and never covers the focused control', async (t) => {
  const id = await product(sample(3));
  for (const width of Object.keys(WIDTHS).map(Number)) {
    const page = await edit(t, id, { width });
    const tops = await page
      .locator('.dock button:not([hidden])')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, `${width}: ${tops}`);
    await row(page, 2).locator('.remove').focus();
    const [focused, dock] = [
      await row(page, 2).locator('.remove').boundingBox(),
      await page.locator('.dock').boundingBox(),
    ];
    assert.ok(focused.y + focused.height <= dock.y, `${width} pixels`);
  }
});

test('nothing moves while the media are loaded, however late they arrive', async (t) => {
  for (const where of [{ site: SITE }, guarded()]) {
    const id = await product(sample(4, 1), where);
    let release;
    const gate = new Promise((resolve) => (release = resolve));
    const page = await open(t, 'about:blank', { width: 390 });
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shift += value))).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
    await page.route('**/api/**', async (route) => {
      await gate;
      await route.continue();
    });
    await page.goto(`${where.site}/products/${id}/edit`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    release();
    await page.locator('.workbench').waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.evaluate(() => window.shift), 0, where.site);
  }
});

test('a product that cannot be read is read again, and the page says so meanwhile', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, 'about:blank');
  let refusals = 0;
  await page.route('**/api/**', async (route) => {
    refusals++;
    await (refusals < 3 ? route.fulfill({ status: 503, json: { detail: 'busy' } }) : route.continue());
  });
  await page.goto(`${SITE}/products/${id}/edit`);
  await page.getByText('The pictures and videos could not be loaded. Busy. Trying again.').waitFor();
  await page.locator('.workbench').waitFor();
  assert.equal(await page.locator('.banner').isVisible(), false);
  assert.deepEqual(await alts(page), ['Side 1', 'Side 2']);
});

test('a page that may not load http addresses does not request them', async (t) => {
  const asked = [];
  const id = await product(sample(1));
  const page = await edit(t, id, {
    prepare: async (fresh) => fresh.on('request', (request) => asked.push(request.url())),
  });
  await row(page, 0).locator('[name=url]').fill('http://cdn.invalid/a.webp');
  await page.locator('.thumb').first().getByText('https only').waitFor();
  await page.locator('.preview product-canvas').getByText('could not be loaded').waitFor();
  assert.deepEqual(
    asked.filter((url) => url.includes('cdn.invalid')),
    [],
  );
  assert.deepEqual(page.faults, []);
});

test('if writing is open, the editor asks for no key', async (t) => {
  const page = await edit(t, await product(sample(1)));
  assert.equal(await page.getByLabel('Key or token').isVisible(), false);
});

test('without JavaScript the editor explains what to do instead', async (t) => {
  const id = await product(sample(1));
  const page = await open(t, `/products/${id}/edit`, { javaScriptEnabled: false });
  // By its element: getByText ignores noscript.
  const alternative = page.locator('noscript code');
  await alternative.waitFor();
  assert.equal(await alternative.textContent(), `PUT /api/products/${id}/media`);
  assert.equal(await page.locator('.workbench').isVisible(), false);
});
