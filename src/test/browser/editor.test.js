// The editor: adding, changing, ordering and deleting, by pointer and by keyboard alone; saving, what another
// saved meanwhile, what the service refuses, undoing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  browsing, eventually, guarded, GUARDED_KEY, GUARDED_SITE, product, put, read, remove, sample, SITE, token, TOKEN_SITE, tokened, WIDTHS,
} from './support/site.js';

const open = browsing();

const edit = async (t, id, options) => {
  const page = await open(t, `${options?.site ?? ''}/products/${id}/edit`, options);
  await page.locator('.workbench').waitFor();
  return page;
};

const alts = (page) => page.locator('.items [name=alt]').evaluateAll((all) => all.map(({ value }) => value));
const stored = async (id, site) => (await read(id, site))?.media.map(({ alt }) => alt) ?? null;
const said = (page) => page.locator('.said').textContent();
const save = (page) => page.locator('.dock .save').click();
const saved = (page) => eventually(() => said(page), 'Saved. Everybody sees it now.');
const row = (page, index) => page.locator('.items > li').nth(index);
const state = (page) => page.locator('.dock').getAttribute('data-state');
const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

for (const width of Object.keys(WIDTHS).map(Number)) {
  test(`at ${width} pixels a picture and a video are added by their addresses, and saved`, async (t) => {
    const id = await product(sample(1));
    const page = await edit(t, id, { width });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    const add = page.locator('.adder');
    await add.getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
    await add.getByLabel('Alternative text').fill('From above');
    await add.getByRole('button', { name: 'Add' }).click();
    await add.getByRole('radio', { name: 'Video' }).check();
    await add.getByLabel('Address').fill('/samples/harbor-turntable.bb31aa51.webm');
    await add.getByLabel(/Poster/).fill('/samples/harbor-poster.056a23b4.webp');
    await add.getByLabel(/Decorative/).check();
    await add.getByRole('button', { name: 'Add' }).click();
    assert.equal(await hasFocus(add.getByLabel('Address')), true);
    await eventually(() => row(page, 1).locator('.thumb').getAttribute('data-state'), 'shown');
    assert.equal(await state(page), 'changed');
    await save(page);
    await saved(page);
    const [, picture, video] = (await read(id)).media;
    assert.deepEqual(
      { ...picture, id: 0 },
      { id: 0, type: 'image', url: '/samples/harbor-top.b168ae2e.webp', alt: 'From above', width: 800, height: 1000 },
    );
    assert.equal(video.poster, '/samples/harbor-poster.056a23b4.webp');
    assert.equal(video.decorative, true);
    assert.equal(await state(page), 'saved');
    assert.deepEqual(page.faults, []);
  });

  test(`at ${width} pixels items are dragged by their handles`, async (t) => {
    const id = await product(sample(4));
    const page = await edit(t, id, { width });
    const drag = async (from, to, letGo) => {
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
      await letGo();
    };
    await drag(0, 2, () => page.mouse.up());
    assert.deepEqual(await alts(page), ['Side 2', 'Side 3', 'Side 1', 'Side 4']);
    assert.match(await said(page), /^Moved “Side 1” to 3 of 4/);
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

test('the keyboard alone orders, edits, deletes, undoes, saves', async (t) => {
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
  await page.keyboard.press('Tab');
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

test('every control is reached by the tabulator', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  // Not by a locator, which would find the preview's buttons too.
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.editor a, .editor button, .editor input')];
    return all.filter((one) => one.checkVisibility() && !one.disabled && one.type !== 'radio').length;
  });
  const met = new Set();
  await page.locator('.editor-head a').focus();
  for (let presses = 0; presses < 150; presses++) {
    met.add(await page.evaluate(() => {
      const active = document.activeElement;
      active.dataset.met ??= Math.random();
      return active.closest('.editor') && active.matches('a, button, input:not([type=radio])') ? active.dataset.met : '';
    }));
    await page.keyboard.press('Tab');
  }
  met.delete('');
  assert.equal(met.size, wanted);
});

test('typing is one step back, and a step back brings what was saved', async (t) => {
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

test('a save is undone by another write, and undoing goes on across saves', async (t) => {
  const id = await product(sample(3));
  const before = await read(id);
  const page = await edit(t, id);
  await row(page, 1).locator('.remove').click();
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 3']);
  await page.getByRole('button', { name: 'Undo the save' }).click();
  await eventually(() => said(page), 'The save is undone. Everybody sees it now.');
  assert.deepEqual(await stored(id), ['Side 1', 'Side 2', 'Side 3']);
  const after = await read(id);
  assert.equal(after.media[0].id, before.media[0].id);
  assert.ok(after.version > before.version);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 3']);
});

test('someone changed it meanwhile: mine over theirs', async (t) => {
  const id = await product(sample(3));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const [first, second] = (await read(id)).media;
  await put(id, [{ ...second, alt: 'Theirs' }, first, { type: 'image', url: '/samples/new.webp', alt: 'New' }]);
  await save(page);
  const dialog = page.getByRole('dialog', { name: 'Someone changed it meanwhile' });
  await dialog.waitFor();
  assert.deepEqual(await dialog.locator('.mine li > div > p:first-child').allTextContents(), ['“Mine”', '“Side 2”', '“Side 3”']);
  assert.deepEqual(await dialog.locator('.theirs li > div > p:first-child').allTextContents(), ['“Theirs”', '“Side 1”', '“New”']);
  assert.deepEqual(await dialog.locator('.mine .mark').allTextContents(), [
    'Differs: text, order', 'Differs: text, order', 'Differs: only yours',
  ]);
  assert.deepEqual(await stored(id), ['Theirs', 'Side 1', 'New']);
  await dialog.getByRole('button', { name: 'Save mine over theirs' }).click();
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine', 'Side 2', 'Side 3']);
  assert.equal((await read(id)).media[0].id, first.id);
  assert.equal(await hasFocus(page.locator('.dock .save')), true);
});

test('someone changed it meanwhile: theirs, and mine can be had again', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await put(id, [{ type: 'image', url: '/a.webp', alt: 'Theirs' }]);
  await save(page);
  await page.getByRole('button', { name: 'Take theirs' }).click();
  assert.deepEqual(await alts(page), ['Theirs']);
  assert.equal(await state(page), 'saved');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.deepEqual(await alts(page), ['Mine', 'Side 2']);
  await save(page);
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine', 'Side 2']);
});

test('someone changed it meanwhile: Escape goes back to editing, and nothing is written', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await put(id, [{ type: 'image', url: '/a.webp', alt: 'Theirs' }]);
  await save(page);
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => said(page), 'Not saved. The next save replaces theirs.');
  assert.deepEqual(await alts(page), ['Mine', 'Side 2']);
  assert.deepEqual(await stored(id), ['Theirs']);
});

test('someone deleted it meanwhile: it can be made again', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await remove(id);
  await save(page);
  await page.getByRole('dialog').getByText('They deleted all of it.').waitFor();
  await page.getByRole('button', { name: 'Save mine over theirs' }).click();
  await saved(page);
  assert.deepEqual(await stored(id), ['Mine']);
});

test('what the service finds wrong stands at the fields that it means', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  await row(page, 1).locator('[name=url]').fill('javascript:alert(1)');
  await page.locator('.adder').getByLabel('Address').fill('http://insecure.example/1.jpg');
  await page.keyboard.press('Enter');
  await save(page);
  await eventually(() => said(page), 'Not saved: 2 things are to be mended.');
  const faulty = row(page, 1).locator('[name=url]');
  assert.equal(await hasFocus(faulty), true);
  assert.equal(await faulty.getAttribute('aria-invalid'), 'true');
  const described = await faulty.getAttribute('aria-describedby');
  assert.match(await page.locator(`#${described}`).textContent(), /^Expected https:\/\/… or a path on this site\.$/);
  assert.equal(await row(page, 2).locator('[name=url]').getAttribute('aria-invalid'), 'true');
  assert.equal(await row(page, 0).locator('[aria-invalid]').count(), 0);
  assert.deepEqual(await stored(id), ['Side 1', 'Side 2']);
  await faulty.fill('/samples/harbor-top.b168ae2e.webp');
  assert.equal(await faulty.getAttribute('aria-invalid'), null);
  await row(page, 2).locator('.remove').click();
  await save(page);
  await saved(page);
  assert.equal((await read(id)).media[1].width, undefined, 'the size was that of the old file');
});

test('a product without media is made, and the save undone', async (t) => {
  const id = await product();
  const page = await edit(t, id);
  await page.getByText('Nothing here yet.').waitFor();
  await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await page.keyboard.press('Enter');
  await save(page);
  await saved(page);
  assert.equal((await read(id)).media.length, 1);
  await page.getByRole('button', { name: 'Undo the save' }).click();
  await eventually(() => read(id), null);
  await eventually(() => said(page), 'The save is undone. The product has no media again.');
});

test('a size that is learnt while a save is under way is no change', async (t) => {
  const id = await product();
  const page = await edit(t, id);
  let let_go;
  const gate = new Promise((resolve) => (let_go = resolve));
  await page.route('**/harbor-top*', async (route) => {
    await gate;
    await route.continue();
  });
  await page.route('**/media', async (route) => {
    let_go();
    await eventually(() => row(page, 0).locator('.thumb').getAttribute('data-state'), 'shown');
    await route.continue();
  });
  await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await page.keyboard.press('Enter');
  await save(page);
  await saved(page);
  assert.equal(await state(page), 'saved');
  await page.getByRole('button', { name: 'Undo the save' }).waitFor();
});

test('the preview shows what is edited', async (t) => {
  const id = await product(sample(2));
  const page = await edit(t, id);
  const preview = () => page.locator('.preview product-canvas').evaluate((element) => element.items.map(({ alt }) => alt));
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

test('the service away: nothing is lost, and saving once more does no harm', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await row(page, 0).locator('[name=alt]').fill('Mine');
  await page.context().setOffline(true);
  await save(page);
  await page.getByRole('alert').getByText('It is not known whether this was saved.').waitFor();
  assert.equal(await state(page), 'changed');
  await page.context().setOffline(false);
  await save(page);
  await saved(page);
  assert.equal(await page.getByRole('alert').isVisible(), false);
});

test('a save whose answer was lost is recognised by the next one', async (t) => {
  const id = await product(sample(1));
  const page = await edit(t, id);
  await page.locator('.adder').getByLabel('Address').fill('/samples/harbor-top.b168ae2e.webp');
  await page.keyboard.press('Enter');
  await eventually(() => row(page, 1).locator('.thumb').getAttribute('data-state'), 'shown');
  await page.route('**/media', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await save(page);
  await page.getByRole('alert').waitFor();
  await save(page);
  await eventually(() => said(page), 'Saved already: the service has the same.');
  assert.equal((await read(id)).media.length, 2);
  assert.equal(await state(page), 'saved');
});

test('where writing needs a key it is asked for, refused where wrong, and kept in this tab alone', async (t) => {
  const id = await product(sample(1), guarded());
  const page = await edit(t, id, { site: GUARDED_SITE });
  await row(page, 0).locator('[name=alt]').fill('Mine');
  const key = page.getByLabel('Key or token');
  await save(page);
  assert.equal(await hasFocus(key), true);
  assert.equal(await page.locator('.credential p').textContent(), 'Saving needs a key or a token.');
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
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [1, 0, '']);
  await page.reload();
  assert.equal(await key.inputValue(), GUARDED_KEY);
});

test('where writing needs a token its end is told, an ended one is refused with a reason, and a new one saves', async (t) => {
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
  assert.match(await note(), /^This token ended at .*\. A new one is needed\.$/);
  await attempt(token({ aud: 'another' }));
  assert.match(await note(), /meant for another service/);
  await attempt(token({ scope: 'media:read' }));
  assert.match(await note(), /does not have the scope media:write/);
  await attempt('no token');
  assert.match(await note(), /malformed/);
  await field.fill(token());
  await page.keyboard.press('Enter');
  assert.match(await note(), /^Will be sent with what you save, until .+\.$/);
  await save(page);
  await saved(page);
  assert.equal(await page.getByRole('alert').isVisible(), false);
  assert.deepEqual(await stored(id, TOKEN_SITE), ['Mine']);
});

test('what stands at the bottom is one row of buttons, and hides nothing that has the focus', async (t) => {
  const id = await product(sample(3));
  for (const width of Object.keys(WIDTHS).map(Number)) {
    const page = await edit(t, id, { width });
    const tops = await page.locator('.dock button:not([hidden])').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, `${width}: ${tops}`);
    await row(page, 2).locator('.remove').focus();
    const [focused, dock] = [await row(page, 2).locator('.remove').boundingBox(), await page.locator('.dock').boundingBox()];
    assert.ok(focused.y + focused.height <= dock.y, `${width} pixels`);
  }
});

test('nothing moves while what is there is read, however late it comes', async (t) => {
  for (const where of [{ site: SITE }, guarded()]) {
    const id = await product(sample(4, 1), where);
    let let_go;
    const gate = new Promise((resolve) => (let_go = resolve));
    const page = await open(t, 'about:blank', { width: 390 });
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shift += value)))
        .observe({ type: 'layout-shift', buffered: true });
    });
    await page.route('**/api/**', async (route) => {
      await gate;
      await route.continue();
    });
    await page.goto(`${where.site}/products/${id}/edit`);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    let_go();
    await page.locator('.workbench').waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.evaluate(() => window.shift), 0, where.site);
  }
});

test('an address at http is not asked for by a page that may not load it', async (t) => {
  const asked = [];
  const id = await product(sample(1));
  const page = await edit(t, id, { prepare: async (fresh) => fresh.on('request', (request) => asked.push(request.url())) });
  await row(page, 0).locator('[name=url]').fill('http://cdn.invalid/a.webp');
  await page.locator('.thumb').first().getByText('Only https').waitFor();
  await page.locator('.preview product-canvas').getByText('could not be loaded').waitFor();
  assert.deepEqual(asked.filter((url) => url.includes('cdn.invalid')), []);
  assert.deepEqual(page.faults, []);
});

test('where writing is open no key is asked for', async (t) => {
  const page = await edit(t, await product(sample(1)));
  assert.equal(await page.getByLabel('Key or token').isVisible(), false);
});

test('without JavaScript the editor says what to do instead', async (t) => {
  const id = await product(sample(1));
  const page = await open(t, `/products/${id}/edit`, { javaScriptEnabled: false });
  // By its element: getByText passes noscript by.
  const instead = page.locator('noscript code');
  await instead.waitFor();
  assert.equal(await instead.textContent(), `PUT /api/products/${id}/media`);
  assert.equal(await page.locator('.workbench').isVisible(), false);
});
