// The gallery on the product page: at three widths, by keyboard alone, with reduced motion, right to left, without
// JavaScript, with media that are slow or fail, and with live changes.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import {
  browsing,
  eventually,
  focused,
  product,
  put,
  read,
  remove,
  rightToLeft,
  sample,
  SITE,
  WIDTHS,
} from './support/site.js';

const open = browsing();

/** Records the element's events, from before it exists. */
const listen = (page) =>
  page.addInitScript(() => {
    window.events = [];
    for (const name of ['load', 'change', 'open', 'close', 'error']) {
      addEventListener(`canvas:${name}`, ({ detail }) => {
        window.events.push({
          name,
          index: detail.index ?? null,
          kind: detail.kind ?? null,
          total: detail.total ?? null,
        });
      });
    }
  });

const events = (page, name) => page.evaluate((wanted) => window.events.filter((event) => event.name === wanted), name);
const indexOf = (page) => page.locator('product-canvas').evaluate((element) => element.index);
const part = (page, name) => page.locator(`product-canvas [part~="${name}"]`);
const shown = (page) => part(page, 'gallery').waitFor();

for (const width of Object.keys(WIDTHS).map(Number)) {
  test(`at ${width} pixels all media are shown in order, and nothing is wider than the page`, async (t) => {
    const id = await product(sample(4, 1));
    const page = await open(t, `/products/${id}`, { width });
    await shown(page);
    assert.deepEqual(await part(page, 'picture').evaluateAll((pictures) => pictures.map(({ alt }) => alt)), [
      'Side 1',
      'Side 2',
      'Side 3',
      'Side 4',
    ]);
    assert.equal(await part(page, 'video').count(), 1);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(page.faults, []);
  });

  test(`at ${width} pixels nothing moves while it loads, and the media come with the page`, async (t) => {
    const id = await product(sample(6, 1));
    const asked = [];
    const page = await open(t, `/products/${id}`, {
      width,
      prepare: async (fresh) => {
        fresh.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await fresh.addInitScript(() => {
          window.shift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              window.shift += entry.hadRecentInput ? 0 : entry.value;
            }
          }).observe({ type: 'layout-shift', buffered: true });
        });
      },
    });
    await shown(page);
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForLoadState('networkidle');
    assert.equal(await page.evaluate(() => window.shift), 0);
    // When the page starts to follow changes, it may revalidate its document once.
    assert.ok(asked.filter((path) => path.startsWith('/api/')).length <= 1, asked.join('\n'));
    const twice = asked.filter((path, index) => path.startsWith('/samples/') && asked.indexOf(path) !== index);
    assert.deepEqual(
      twice.filter((path) => path.endsWith('.webp')),
      [],
    );
    assert.ok(asked.length <= 20, asked.join('\n'));
  });

  test(`at ${width} pixels the keyboard opens, navigates and closes full screen, and focus returns`, async (t) => {
    const id = await product(sample(4));
    const page = await open(t, `/products/${id}`, { width, prepare: listen });
    await shown(page);
    await part(page, 'open').first().focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => indexOf(page), 1);
    await page.keyboard.press('Enter');
    await part(page, 'dialog').waitFor();
    await page.keyboard.press('ArrowRight');
    await eventually(() => indexOf(page), 2);
    await page.keyboard.press('End');
    await eventually(() => indexOf(page), 3);
    await page.keyboard.press('Home');
    await eventually(() => indexOf(page), 0);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await part(page, 'dialog').waitFor({ state: 'hidden' });
    assert.equal(await focused(page), 'open');
    // At the item shown last, not the one that was opened.
    await eventually(
      () =>
        part(page, 'open')
          .nth(2)
          .evaluate((button) => button.matches(':focus')),
      true,
    );
    assert.deepEqual(
      (await events(page, 'open')).map(({ index, total }) => [index, total]),
      [[1, 4]],
    );
    assert.deepEqual(
      (await events(page, 'close')).map(({ index }) => index),
      [2],
    );
    assert.ok((await events(page, 'change')).length >= 5);
  });
}

test('the first picture loads at once, its neighbours next, and the others when they are visible', async (t) => {
  const id = await product(sample(5));
  const page = await open(t, `/products/${id}`, { width: 390 });
  await shown(page);
  const asked = () =>
    part(page, 'picture').evaluateAll((all) => all.map(({ loading, fetchPriority }) => `${loading} ${fetchPriority}`));
  assert.deepEqual(await asked(), ['eager high', 'eager auto', 'lazy auto', 'lazy auto', 'lazy auto']);
  await page.locator('product-canvas').evaluate((element) => (element.index = 2));
  assert.deepEqual((await asked())[3], 'eager auto');
});

test('a wide gallery has two columns, a narrow one shows one picture at a time', async (t) => {
  const id = await product(sample(4));
  const lefts = async (width) => {
    const page = await open(t, `/products/${id}`, { width });
    await shown(page);
    return part(page, 'item').evaluateAll(
      (items) => [...new Set(items.map((item) => Math.round(item.getBoundingClientRect().left)))].length,
    );
  };
  assert.equal(await lefts(1280), 2);
  assert.equal(await lefts(390), 4);
});

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'with scripts' : 'without scripts';
  const items = (page) => (javaScriptEnabled ? part(page, 'item') : page.locator('.canvas figure'));
  const boxes = (page) => items(page).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));

  test(`of three pictures the first is as tall as the other two beside it, ${scripts}`, async (t) => {
    const id = await product(sample(3));
    for (const width of [1440, 1280, 740]) {
      const page = await open(t, `/products/${id}`, { width, javaScriptEnabled });
      await items(page).nth(2).waitFor();
      const [first, second, third] = await boxes(page);
      const close = (a, b) => assert.ok(Math.abs(a - b) < 1, JSON.stringify({ width, first, second, third }));
      close(first.top, second.top);
      close(first.bottom, third.bottom);
      close(second.left, third.left);
      close(second.height, third.height);
      for (const { width, height } of [first, second, third]) {
        assert.ok(Math.abs(width / height - 0.8) < 0.01, `${width} by ${height}`);
      }
    }
  });

  test(`on a phone the pictures reach from edge to edge, the text does not, ${scripts}`, async (t) => {
    const id = await product(sample(4));
    for (const width of [360, 390, 600]) {
      const page = await open(t, `/products/${id}`, { width, javaScriptEnabled });
      await items(page).first().waitFor();
      const [{ left, width: wide }] = await boxes(page);
      assert.equal(left, 0);
      assert.ok(Math.abs(wide - (javaScriptEnabled ? width : width * 0.86)) < 0.1, `${wide} of ${width}`);
      for (const inset of [page.locator('h1'), ...(javaScriptEnabled ? [part(page, 'thumb').first()] : [])]) {
        assert.ok((await inset.boundingBox()).x >= 20);
      }
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    }
  });
}

test('on a phone, thumbnails and swiping change the picture', async (t) => {
  const id = await product(sample(4));
  const page = await open(t, `/products/${id}`, { width: 390, hasTouch: true, isMobile: true, prepare: listen });
  await shown(page);
  await part(page, 'thumb').nth(2).click();
  await eventually(() => indexOf(page), 2);
  assert.equal((await part(page, 'position').textContent()).replace(/\s/g, ''), '3/4');
  await part(page, 'strip').evaluate((strip) => strip.scrollTo({ left: 0, behavior: 'instant' }));
  await eventually(() => indexOf(page), 0);
  assert.ok((await events(page, 'change')).length >= 2);
});

test('in full screen the wheel and keys zoom, and zero resets the zoom', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  await shown(page);
  await part(page, 'open').first().click();
  const width = async () => Math.round((await part(page, 'stage-media').boundingBox()).width);
  await eventually(() => part(page, 'stage-media').evaluate((picture) => picture.complete), true);
  // It grows to its size as it appears.
  await part(page, 'stage-media').evaluate((picture) =>
    Promise.all(picture.getAnimations().map((each) => each.finished)),
  );
  const before = await width();
  await page.keyboard.press('+');
  await eventually(async () => (await width()) > before * 1.3, true);
  await page.keyboard.press('0');
  await eventually(async () => Math.abs((await width()) - before) <= 2, true);
  await part(page, 'stage').hover();
  await page.mouse.wheel(0, -400);
  await eventually(async () => (await width()) > before * 1.1, true);
});

test('full screen that is closed and reopened at once shows the new item and emits both events', async (t) => {
  const id = await product(sample(2, 1));
  const page = await open(t, `/products/${id}`, { prepare: listen });
  await shown(page);
  await page.locator('product-canvas').evaluate((element) => {
    element.open(0);
    element.close();
    element.open(2);
  });
  await eventually(async () => (await events(page, 'close')).length, 1);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.locator('product-canvas video[part~=stage-media]').isVisible(), true);
  assert.deepEqual(
    (await events(page, 'open')).map(({ index }) => index),
    [0, 2],
  );
  await page.keyboard.press('Escape');
  await eventually(async () => (await events(page, 'close')).map(({ index }) => index), [0, 2]);
});

test('full screen has thumbnails: by pointer, and by keyboard with one stop of Tab', async (t) => {
  const media = sample(5, 1);
  media[3].url = '/samples/missing.webp';
  const id = await product(media);
  for (const width of [360, 1280]) {
    const page = await open(t, `/products/${id}`, { width, prepare: listen });
    await shown(page);
    await page.locator('product-canvas').evaluate((element) => element.open(1));
    const thumbs = part(page, 'dialog-thumb');
    assert.equal(await thumbs.count(), 6);
    const current = () => thumbs.evaluateAll((all) => all.findIndex((one) => one.ariaCurrent === 'true'));
    const stops = () => thumbs.evaluateAll((all) => all.flatMap(({ tabIndex }, n) => (tabIndex === 0 ? [n] : [])));
    assert.deepEqual([await current(), await stops()], [1, [1]]);
    const [stage, strip] = [await part(page, 'stage').boundingBox(), await part(page, 'dialog-thumbs').boundingBox()];
    assert.ok(stage.y + stage.height <= strip.y + 1, 'The picture ends above them');
    assert.ok(strip.y + strip.height <= page.viewportSize().height);

    await thumbs.nth(2).click();
    assert.deepEqual([await indexOf(page), await current(), await stops()], [2, 2, [2]]);
    await part(page, 'stage-media').and(page.locator('[alt="Side 3"]')).waitFor();
    // One step, not two; what cannot be loaded is skipped.
    await page.keyboard.press('ArrowLeft');
    assert.equal(await indexOf(page), 1);
    assert.equal(await focused(page), 'dialog-thumb dialog-thumb-current');
    await page.keyboard.press('End');
    assert.equal(await indexOf(page), 5);
    await page.keyboard.press('Home');
    assert.equal(await indexOf(page), 0);
    await thumbs.nth(3).click();
    await eventually(() => indexOf(page), 4);
    assert.equal(await current(), 4);
    await page.keyboard.press('Escape');
    await part(page, 'dialog').waitFor({ state: 'hidden' });
    assert.equal(await thumbs.count(), 0);
  }
});

test('full screen of one picture, or in a low window, has no thumbnails', async (t) => {
  for (const [pictures, height] of [
    [1, 900],
    [3, 360],
  ]) {
    const page = await open(t, `/products/${await product(sample(pictures))}`);
    await page.setViewportSize({ width: 800, height });
    await shown(page);
    await page.locator('product-canvas').evaluate((element) => element.open(0));
    assert.equal(await part(page, 'dialog-thumbs').isVisible(), false);
    assert.equal((await part(page, 'stage').boundingBox()).height, height);
  }
});

test('a page can prevent full screen from opening', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  await shown(page);
  await page.evaluate(() => addEventListener('canvas:open', (event) => event.preventDefault()));
  await part(page, 'open').first().click();
  assert.equal(await part(page, 'dialog').isVisible(), false);
});

test('a video shows its poster until its button is pressed, then gets the controls and the focus', async (t) => {
  const id = await product(sample(1, 1));
  for (const width of Object.keys(WIDTHS).map(Number)) {
    const page = await open(t, `/products/${id}`, { width });
    await shown(page);
    const [button, video] = [part(page, 'play'), part(page, 'video')];
    assert.equal(await video.evaluate(({ controls }) => controls), false);
    await button.scrollIntoViewIfNeeded();
    const [whole, sign] = [await button.boundingBox(), await button.locator('svg').boundingBox()];
    assert.deepEqual(whole, await video.boundingBox(), 'A press anywhere plays');
    assert.ok(sign.width <= 48 && sign.x - whole.x < 20, 'The sign leaves the picture free');
    assert.ok(whole.y + whole.height - sign.y - sign.height < 20);
    assert.equal(await button.getAttribute('aria-label'), 'Play Clip 1');
    await part(page, 'open').first().focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(page), 'play');
    assert.equal(await button.evaluate((one) => getComputedStyle(one).opacity), '1');
    // Loop, because a video that has ended counts as paused.
    await video.evaluate((clip) => (clip.loop = true));
    await page.keyboard.press('Enter');
    await eventually(
      () => video.evaluate(({ controls, paused, muted }) => [controls, paused, muted]),
      [true, false, true],
    );
    assert.equal(await focused(page), 'video');
    assert.equal(await button.isVisible(), false);
  }
});

test('a video in full screen is shown whole, plays by its button, and pauses when left', async (t) => {
  const id = await product(sample(2, 1));
  for (const width of [390, 1280]) {
    const page = await open(t, `/products/${id}`, { width, reducedMotion: 'reduce' });
    await shown(page);
    await page.locator('product-canvas').evaluate((element) => element.open(2));
    const video = page.locator('product-canvas video[part~=stage-media]');
    const box = await video.boundingBox();
    assert.ok(box.width > 300 && box.height > 400 && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
    // Loop, because a video that has ended counts as paused.
    await video.evaluate((clip) => (clip.loop = true));
    await part(page, 'stage').locator('[part~=play]').click();
    await eventually(() => video.evaluate(({ paused }) => paused), false);
    const kept = await video.elementHandle();
    await part(page, 'dialog-previous').click();
    await eventually(() => indexOf(page), 1);
    assert.equal(await kept.evaluate(({ paused }) => paused), true);
  }
});

test('in full screen a finger swipes, a double tap zooms, and panning stays within the picture', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, `/products/${id}`, { width: 390, hasTouch: true });
  await shown(page);
  await part(page, 'open').first().click();
  await eventually(
    () => part(page, 'stage-media').evaluate(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    true,
  );
  const drag = async (from, to) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  await drag([300, 400], [100, 410]);
  await eventually(() => indexOf(page), 1);
  await drag([100, 400], [300, 410]);
  await eventually(() => indexOf(page), 0);
  await drag([200, 400], [215, 600]);
  assert.equal(await indexOf(page), 0, 'a vertical movement is not a swipe');
  const place = () =>
    part(page, 'stage-media').evaluate((picture) => new DOMMatrix(getComputedStyle(picture).transform).toJSON());
  await page.mouse.dblclick(195, 400);
  await eventually(async () => (await place()).a, 2.5);
  await drag([200, 400], [5_000, 400]);
  const edge = (await place()).e;
  assert.equal(await indexOf(page), 0, 'a zoomed picture is panned, not swiped');
  assert.ok(edge > 0 && edge <= (390 * 2.5 - 390) / 2 + 1, `moved by ${edge}`);
  await page.keyboard.press('ArrowRight');
  assert.ok((await place()).e < edge);
  await page.mouse.dblclick(195, 400);
  await eventually(async () => (await place()).a, 1);
});

test('horizontal scrolling moves along the strip', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, `/products/${id}`, { width: 390, prepare: listen });
  await shown(page);
  await part(page, 'strip').hover();
  await page.mouse.wheel(374, 0);
  await eventually(() => indexOf(page), 1);
  assert.deepEqual(
    (await events(page, 'change')).map(({ index, total }) => [index, total]),
    [[1, 3]],
  );
});

test('a decorative picture has no text but can be enlarged, and the position is announced', async (t) => {
  const media = sample(3);
  media[1] = { type: 'image', url: media[1].url, decorative: true };
  const id = await product(media);
  const page = await open(t, `/products/${id}`, { width: 390 });
  await shown(page);
  assert.equal(await part(page, 'picture').nth(1).getAttribute('alt'), '');
  assert.equal(await page.getByRole('button', { name: 'Enlarge picture 2 of 3' }).count(), 1);
  await part(page, 'thumb').nth(1).click();
  await eventually(() => page.locator('product-canvas section [role=status]').textContent(), 'Picture 2 of 3');
});

test('in full screen the position and the text are announced, and the focus stays inside', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  await shown(page);
  await part(page, 'open').first().click();
  const spoken = () => page.locator('product-canvas dialog [role=status]').textContent();
  await eventually(spoken, 'Picture 1 of 2: Side 1');
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab');
    assert.equal(
      await page
        .locator('product-canvas')
        .evaluate(
          ({ shadowRoot }) => shadowRoot.activeElement === null || shadowRoot.activeElement.closest('dialog') !== null,
        ),
      true,
    );
  }
  await page.keyboard.press('ArrowRight');
  await eventually(spoken, 'Picture 2 of 2: Side 2');
});

test('videos are muted, have a poster, and never play two at once', async (t) => {
  const id = await product(sample(1, 2));
  const page = await open(t, `/products/${id}`);
  await shown(page);
  const videos = part(page, 'video');
  assert.deepEqual(
    await videos.evaluateAll((all) =>
      all.map(({ muted, poster, autoplay }) => [muted, new URL(poster).pathname, autoplay]),
    ),
    [
      [true, '/samples/harbor-poster.67755d90.webp', false],
      [true, '/samples/harbor-poster.67755d90.webp', false],
    ],
  );
  // Loop, because a video that has ended counts as paused.
  await videos.evaluateAll((all) => all.forEach((video) => (video.loop = true)));
  await videos.nth(0).evaluate((video) => video.play());
  await eventually(() => videos.evaluateAll((all) => all.map(({ paused }) => paused)), [false, true]);
  await videos.nth(1).evaluate((video) => video.play());
  await eventually(() => videos.evaluateAll((all) => all.map(({ paused }) => paused)), [true, false]);
  await part(page, 'open').first().click();
  await eventually(() => videos.evaluateAll((all) => all.map(({ paused }) => paused)), [true, true]);
});

test('with reduced motion, navigation is instant', async (t) => {
  const id = await product(sample(4));
  const page = await open(t, `/products/${id}`, { width: 390, reducedMotion: 'reduce' });
  await shown(page);
  const offset = await page.locator('product-canvas').evaluate((element) => {
    element.index = 3;
    return element.shadowRoot.querySelector('[part~=strip]').scrollLeft;
  });
  assert.ok(offset > 600, `scrolled to ${offset} at once`);
  const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running').length;
  assert.equal(await page.evaluate(moving), 0);
});

test('right to left, the left arrow goes forward and the right arrow goes back', async (t) => {
  const id = await product(sample(4));
  const page = await open(t, `/products/${id}`, {
    width: 390,
    prepare: rightToLeft,
  });
  await shown(page);
  await part(page, 'open').first().focus();
  await page.keyboard.press('ArrowLeft');
  await eventually(() => indexOf(page), 1);
  assert.ok((await part(page, 'strip').evaluate(({ scrollLeft }) => scrollLeft)) <= 0);
  await page.keyboard.press('ArrowRight');
  await eventually(() => indexOf(page), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test('without JavaScript, pictures and videos are plain elements', async (t) => {
  const id = await product(sample(3, 1));
  for (const width of Object.keys(WIDTHS).map(Number)) {
    const page = await open(t, `/products/${id}`, { width, javaScriptEnabled: false });
    assert.equal(await page.locator('product-canvas img').count(), 3);
    assert.equal(await page.locator('product-canvas video[controls]').count(), 1);
    await page.locator('product-canvas img').first().waitFor();
    assert.equal(await page.locator('.panel .read-again').isVisible(), false);
    assert.equal(await page.locator('.panel [data-role=answered]').count(), 1);
  }
});

test('a picture that fails to load shows its text, emits an event, and is skipped in full screen', async (t) => {
  const media = sample(3);
  media[1].url = '/samples/missing.webp';
  const id = await product(media);
  const page = await open(t, `/products/${id}`, { prepare: listen });
  await shown(page);
  await part(page, 'item').nth(1).scrollIntoViewIfNeeded();
  await part(page, 'fallback').first().waitFor();
  assert.match(await part(page, 'fallback').first().textContent(), /Side 2/);
  await eventually(async () => (await events(page, 'error')).map(({ index, kind }) => [index, kind]), [[1, 'picture']]);
  await part(page, 'open').first().click();
  await page.keyboard.press('ArrowRight');
  await eventually(() => indexOf(page), 2);
});

test('a picture whose address is corrected is shown again, in full screen too', async (t) => {
  const media = sample(3);
  media[1].url = '/samples/missing.webp';
  const id = await product(media);
  const page = await open(t, `/products/${id}`, { width: 390, prepare: listen });
  await shown(page);
  await page.locator('product-canvas').evaluate((element) => element.next());
  await part(page, 'fallback').waitFor();
  const [first, second, third] = (await read(id)).media;
  await put(id, [first, { ...second, url: sample(2)[1].url }, third]);
  await eventually(() => part(page, 'fallback').count(), 0, 20);
  await page.locator('product-canvas').evaluate((element) => {
    element.open(0);
    element.next();
  });
  assert.equal(await indexOf(page), 1);
  await eventually(() => page.locator('product-canvas img[part~=stage-media]').getAttribute('alt'), 'Side 2');
});

test('a video that fails to load shows its text', async (t) => {
  const id = await product([...sample(1), { type: 'video', url: '/samples/none.webm', alt: 'Gone' }]);
  const page = await open(t, `/products/${id}`, { prepare: listen });
  await shown(page);
  await part(page, 'item').nth(1).scrollIntoViewIfNeeded();
  await part(page, 'fallback').waitFor();
  await eventually(async () => (await events(page, 'error')).map(({ kind }) => kind), ['video']);
});

test('while a picture loads its space is reserved, and the rest works', async (t) => {
  const id = await product(sample(3));
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  t.after(() => release());
  const page = await open(t, 'about:blank', {});
  await page.route('**/harbor-quarter*', async (route) => {
    await gate;
    await route.continue().catch(() => {});
  });
  await page.goto(`${SITE}/products/${id}`, { waitUntil: 'domcontentloaded' });
  await shown(page);
  const before = await part(page, 'item').first().boundingBox();
  assert.ok(before.height > 200, `reserved ${before.height} pixels`);
  release();
  await eventually(
    () =>
      part(page, 'picture')
        .first()
        .evaluate(({ complete }) => complete),
    true,
  );
  assert.deepEqual(await part(page, 'item').first().boundingBox(), before);
});

test('a changed gallery is shown without a reload, at the same picture', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, `/products/${id}`, { width: 390 });
  await shown(page);
  await page.evaluate(() => (window.sameDocument = true));
  await part(page, 'open').first().focus();
  // One write is enough, even before the page has connected: a new listener gets the current state.
  await put(id, [...(await read(id)).media.reverse(), sample(4)[3]]);
  await eventually(
    () => part(page, 'picture').evaluateAll((all) => all.map(({ alt }) => alt)),
    ['Side 3', 'Side 2', 'Side 1', 'Side 4'],
    20,
  );
  assert.equal(await indexOf(page), 2);
  assert.equal(
    await part(page, 'open')
      .nth(2)
      .evaluate((button) => button.matches(':focus')),
    true,
  );
  await eventually(
    () =>
      part(page, 'strip').evaluate((strip) =>
        Math.round(strip.scrollLeft - strip.children[2].offsetLeft + strip.children[0].offsetLeft),
      ),
    0,
  );
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.deepEqual(page.faults, []);
});

test('a product that changes faster than it can be read is still shown', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, 'about:blank');
  // Each response takes longer than the time between two changes.
  const written = new EventEmitter().setMaxListeners(0);
  let changing = true;
  await page.route('**/api/products/*/media', async (route) => {
    const answer = await route.fetch();
    for (let changes = 0; changing && changes < 2; changes++) {
      await once(written, 'change');
    }
    await route.fulfill({ response: answer }).catch(() => {});
  });
  await page.goto(`${SITE}/products/${id}`);
  await shown(page);
  const changes = (async () => {
    for (let n = 0; changing; n++) {
      const media = sample(3);
      media[0].alt = `Side 1, change ${n}`;
      await put(id, media);
      written.emit('change');
    }
    // Lets the last responses go.
    written.emit('change');
  })();
  await eventually(() => part(page, 'picture').count(), 3, 20);
  changing = false;
  await changes;
  const last = (await read(id)).version;
  await eventually(() => page.locator('product-canvas').evaluate((element) => element.document.version), last);
});

test('deleted media leave an empty gallery, without a reload', async (t) => {
  const id = await product(sample(2));
  const page = await open(t, `/products/${id}`);
  await shown(page);
  await remove(id);
  await eventually(() => part(page, 'empty').count(), 1, 20);
  await put(id, sample(2));
  await eventually(() => part(page, 'picture').count(), 2, 20);
});

test('while the service is unreachable the page keeps what it has', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, `/products/${id}`, { prepare: listen });
  await shown(page);
  await page.context().setOffline(true);
  await page.locator('product-canvas').evaluate((element) => element.reload());
  await eventually(async () => (await events(page, 'error')).map(({ kind }) => kind), ['document']);
  assert.equal(await part(page, 'picture').count(), 3);
  await part(page, 'open').first().click();
  await part(page, 'dialog').waitFor();
});

test('a product without media says that it has none', async (t) => {
  const id = await product([]);
  const page = await open(t, `/products/${id}`);
  await part(page, 'empty').waitFor();
  assert.match(await page.locator('main').textContent(), /No pictures/);
});
