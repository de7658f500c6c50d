// The element in the pages of shops: another product, failures, the space that it reserves, properties, keys, print.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elsewhere } from './support/elsewhere.js';
import { browsing, eventually, focused, product, sample, SITE } from './support/site.js';

const open = browsing();

const { src } = await (await fetch(`${SITE}/product-canvas.json`)).json();
const MODULE = new URL(src, SITE).href;
const TAG = `<script type="module" src="${MODULE}"></script>`;
const gallery = (id, attributes = '', content = '') =>
  `<product-canvas product-id="${id}" src="${SITE}" ${attributes}>${content}</product-canvas>`;

const part = (page, name) => page.locator(`product-canvas [part~="${name}"]`);
const element = (page) => page.locator('product-canvas').first();
const indexOf = (page) => element(page).evaluate(({ index }) => index);
const alts = (page) => part(page, 'picture').evaluateAll((all) => all.map(({ alt }) => alt));

/** Records the kinds and statuses of `canvas:error`, and the layout shift. */
const listen = (page) =>
  page.addInitScript(() => {
    window.errors = [];
    addEventListener('canvas:error', ({ detail }) => window.errors.push([detail.kind, detail.status]));
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) {
        window.shift += hadRecentInput ? 0 : value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });

/** Completes when the page has been painted once more as it is. */
const painted = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** A document whose items have the ids 1, 2 and so on: ids repeat across products. */
const numbered = (id, media) => ({
  product_id: id,
  version: 1,
  media: media.map((item, index) => ({ ...item, id: index + 1 })),
});

test('another product clears the gallery at once, and failures are repeated until it is there', async (t) => {
  const documents = { 1: sample(6), 2: sample(2).reverse() };
  let answer = 500;
  let release;
  const gate = new Promise((resolve) => (release = resolve));
  t.after(() => release());
  const page = await open(t, 'about:blank', { width: 390, prepare: listen });
  await page.clock.install();
  await page.route('**/api/products/*/media', async (route) => {
    const id = Number(/products.(\d+)/.exec(route.request().url())[1]);
    const headers = { 'Access-Control-Allow-Origin': '*' };
    await (id === 2 ? gate : null);
    await (id === 2 && answer
      ? route.fulfill({ status: answer, headers, body: 'busy' })
      : route.fulfill({ headers, json: numbered(id, documents[id]) }));
  });
  await page.goto(await elsewhere(t, TAG + gallery(1)));
  await eventually(() => part(page, 'picture').count(), 6);
  await element(page).evaluate((one) => (one.index = 4));
  await eventually(() => indexOf(page), 4);
  const before = await element(page).boundingBox();
  await element(page).evaluate((one) => one.setAttribute('product-id', 2));
  assert.equal(await part(page, 'picture').count(), 0);
  assert.equal(await page.locator('product-canvas [aria-busy=true]').count(), 1);
  assert.equal(await indexOf(page), 0);
  assert.deepEqual(await element(page).boundingBox(), before);
  release();
  await eventually(() => page.evaluate(() => window.errors), [['document', 500]]);
  assert.match(await part(page, 'empty').textContent(), /cannot be loaded/);
  assert.equal(await page.locator('product-canvas [aria-busy=true]').count(), 0);
  answer = 0;
  await page.clock.runFor(2_000);
  await eventually(() => alts(page), ['Side 2', 'Side 1']);
  assert.equal((await part(page, 'position').textContent()).replace(/\s/g, ''), '1/2');
});

test('a failed read is repeated when the browser is online, or the page visible, again', async (t) => {
  const id = await product(sample(2));
  let answers = false;
  const page = await open(t, 'about:blank');
  await page.clock.install();
  await page.route('**/api/products/*/media', (route) => (answers ? route.continue() : route.abort()));
  for (const event of ['online', 'visibilitychange']) {
    answers = false;
    await page.goto(await elsewhere(t, TAG + gallery(id)));
    await part(page, 'empty').waitFor();
    answers = true;
    await page.evaluate((name) => (name === 'online' ? window : document).dispatchEvent(new Event(name)), event);
    await eventually(() => part(page, 'picture').count(), 2);
  }
});

test('the focus stays in the gallery when the product changes', async (t) => {
  const [one, other] = [await product(sample(3)), await product(sample(2))];
  const page = await open(t, await elsewhere(t, TAG + gallery(one)));
  await part(page, 'open').nth(1).focus();
  await element(page).evaluate((one, id) => one.setAttribute('product-id', id), other);
  await eventually(() => part(page, 'picture').count(), 2);
  await eventually(() => focused(page), 'open');
});

test('only the problem of Canvas means that a product has no media', async (t) => {
  const page = await open(t, await elsewhere(t, TAG + gallery(999_999_998)), { prepare: listen });
  await part(page, 'empty').waitFor();
  assert.match(await part(page, 'empty').textContent(), /No pictures/);
  await page.route('**/nothing-here/**', (route) =>
    route.fulfill({ status: 404, body: 'Not found', headers: { 'Access-Control-Allow-Origin': '*' } }),
  );
  const wrong = `<product-canvas product-id="1" src="${SITE}/nothing-here"><p id="own">Call us</p></product-canvas>`;
  await page.goto(await elsewhere(t, TAG + wrong));
  await eventually(() => page.evaluate(() => window.errors), [['document', 404]]);
  assert.equal(await page.locator('#own').isVisible(), true);
  assert.equal(await part(page, 'empty').count(), 0);
});

test('properties that are set before the module is there are kept, and reflect their attributes', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, await elsewhere(t, `<product-canvas src="${SITE}"></product-canvas>`));
  await element(page).evaluate(
    async (one, [module, productId, media]) => {
      one.document = { product_id: productId, version: 1, media };
      one.setAttribute('document', '[object Object]');
      one.productId = productId;
      one.index = 1;
      await import(module);
    },
    [MODULE, id, sample(2)],
  );
  await eventually(() => alts(page), ['Side 1', 'Side 2']);
  const state = await element(page).evaluate((one) => {
    one.live = true;
    one.layout = 'strip';
    const on = one.getAttribute('live');
    one.setAttribute('live', 'false');
    const off = one.live;
    one.setAttribute('live', '');
    one.live = false;
    return [one.getAttribute('product-id'), one.index, on, off, one.hasAttribute('live'), one.getAttribute('layout')];
  });
  assert.deepEqual(state, [String(id), 1, '', false, false, 'strip']);
  await element(page).evaluate((one, doc) => one.setAttribute('document', JSON.stringify(doc)), {
    product_id: id,
    version: 2,
    media: sample(1),
  });
  await eventually(() => alts(page), ['Side 1']);
});

test('live="false" follows nothing', async (t) => {
  const sockets = [];
  const page = await open(t, await elsewhere(t, TAG + gallery(await product(sample(1)), 'live="false"')), {
    prepare: async (fresh) => fresh.on('websocket', (socket) => sockets.push(socket.url())),
  });
  await eventually(() => part(page, 'picture').count(), 1);
  await page.waitForLoadState('networkidle');
  assert.deepEqual(sockets, []);
});

/** The rule of docs/gallery.md. */
const RULE = `<style>
  product-canvas:not(:defined) { display: block; container-type: inline-size; }
  product-canvas:not(:defined)::before { content: ""; display: block; height: min(125cqi + 4rem, 100svh); }
  @container (min-width: 40rem) { product-canvas:not(:defined)::before { height: min(100svh, 86rem); } }
</style>`;

for (const [width, height] of [
  [360, 740],
  [768, 1024],
  [820, 1180],
  [1200, 800],
  [1440, 900],
]) {
  test(`at ${width} by ${height} pixels the element moves nothing, however late it comes`, async (t) => {
    for (const [pictures, videos] of [
      [1, 0],
      [2, 0],
      [6, 1],
    ]) {
      const id = await product(sample(pictures, videos));
      const page = await open(t, 'about:blank', { viewport: { width, height }, width, prepare: listen });
      await page.setViewportSize({ width, height });
      for (const late of ['**/product-canvas*.js', '**/api/products/*/media']) {
        await page.route(late, async (route) => {
          await painted(page).catch(() => {});
          await route.continue();
        });
      }
      await page.goto(await elsewhere(t, `${RULE}${TAG}${gallery(id)}<h1>Harbor</h1><p>A shoe.</p>`));
      await eventually(() => part(page, 'picture').count(), pictures);
      await page.waitForLoadState('networkidle');
      assert.equal(await page.evaluate(() => window.shift), 0, `${pictures} pictures`);
      await page.context().close();
    }
  });
}

test('no picture is taller than the window, whatever size it claims', async (t) => {
  const media = sample(3);
  media[0] = { ...media[0], width: 1, height: 100_000 };
  media[1] = { ...media[1], width: 100_000, height: 1 };
  const id = await product(media);
  for (const [width, height] of [
    [1200, 800],
    [800, 360],
    [390, 300],
  ]) {
    const page = await open(t, 'about:blank', { width });
    await page.setViewportSize({ width, height });
    await page.goto(await elsewhere(t, TAG + gallery(id)));
    await eventually(() => part(page, 'item').count(), 3);
    const tall = await part(page, 'item').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    assert.ok(Math.max(...tall) <= height + 1 && Math.min(...tall) >= 90, `${tall} at ${width} by ${height}`);
    assert.ok((await element(page).boundingBox()).height <= 3 * height + 100);
  }
});

test('the columns have no holes: odd counts, and a wide picture after a tall one', async (t) => {
  const [tall, wide] = [sample(1)[0], { ...sample(2)[1], width: 1600, height: 900 }];
  for (const media of [
    [tall, wide, tall, tall],
    [wide, tall, wide, tall],
    [tall, tall, tall, tall, tall],
    [tall, tall, tall, tall, tall, tall, tall],
  ]) {
    const id = await product(media);
    const page = await open(t, await elsewhere(t, TAG + gallery(id)));
    await eventually(() => part(page, 'item').count(), media.length);
    const boxes = await part(page, 'item').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const room = (await part(page, 'strip').boundingBox()).width;
    const rows = Map.groupBy ? Map.groupBy(boxes, ({ top }) => Math.round(top)) : groupByTop(boxes);
    for (const row of rows.values()) {
      const used = row.reduce((sum, box) => sum + box.width, 0) + 8 * (row.length - 1);
      assert.ok(Math.abs(used - room) < 2, `${used} of ${room}`);
      assert.ok(Math.max(...row.map(({ height }) => height)) - Math.min(...row.map(({ height }) => height)) < 1);
    }
    if (media.length > 4) {
      assert.equal([...rows.values()].at(-1).length, 3, 'The last three share a row');
    }
  }
});

function groupByTop(boxes) {
  const rows = new Map();
  for (const box of boxes) {
    const top = Math.round(box.top);
    rows.set(top, [...(rows.get(top) ?? []), box]);
  }
  return rows;
}

test('the attributes aspect, or width and height, fix the ratio', async (t) => {
  const id = await product(sample(4));
  for (const attributes of ['aspect="16/9"', 'width="1600" height="900"']) {
    const page = await open(t, await elsewhere(t, TAG + gallery(id, attributes)), { width: 820 });
    await eventually(() => part(page, 'item').count(), 4);
    const { width, height } = await part(page, 'item').first().boundingBox();
    assert.ok(Math.abs(width / height - 16 / 9) < 0.01, `${width} by ${height}`);
  }
});

test('in full screen a swipe leads past a video, its controls work, and the focus stays', async (t) => {
  const [picture, other] = sample(2);
  const [clip] = sample(0, 1);
  const broken = { ...clip, url: '/samples/none.webm', alt: 'Broken' };
  const id = await product([picture, clip, other, broken]);
  const page = await open(t, await elsewhere(t, TAG + gallery(id)), { width: 390, reducedMotion: 'reduce' });
  await eventually(() => part(page, 'item').count(), 4);
  await element(page).evaluate((one) => one.open(1));
  const drag = async (from, to) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, from[1]);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  await drag([300, 300], [80, 310]);
  await eventually(() => indexOf(page), 2);
  await drag([80, 300], [300, 310]);
  await eventually(() => indexOf(page), 1);
  assert.equal(await part(page, 'stage').evaluate((stage) => getComputedStyle(stage).touchAction), 'none');
  await part(page, 'stage').locator('[part~=play]').click();
  await eventually(() => focused(page), 'stage-media');
  await element(page).evaluate((one) => one.next());
  await eventually(() => indexOf(page), 2);
  assert.equal(await focused(page), 'stage');
  await page.keyboard.press('ArrowLeft');
  await eventually(() => indexOf(page), 1);
  // A video that fails while it has the focus.
  await page.keyboard.press('Escape');
  await element(page).evaluate((one) => one.open(3));
  await part(page, 'stage').locator('[part~=play]').click();
  await eventually(() => indexOf(page), 2);
  assert.equal(await focused(page), 'stage');
});

test("Escape closes full screen and nothing of the page's own", async (t) => {
  const id = await product(sample(2));
  const modal = `<dialog id="quick">${gallery(id)}</dialog><script type="module">
    quick.showModal();
    addEventListener('keydown', ({ key }) => key === 'Escape' && (window.heard = true));
  </script>`;
  const page = await open(t, await elsewhere(t, TAG + modal));
  await eventually(() => part(page, 'picture').count(), 2);
  // Without a gesture of the user, browsers close both dialogs at one request.
  await element(page).evaluate((one) => one.open(0));
  await part(page, 'dialog').waitFor();
  await page.keyboard.press('Escape');
  await part(page, 'dialog').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#quick').evaluate((dialog) => dialog.open), true);
  assert.equal(await page.evaluate(() => window.heard ?? false), false);
});

test('a strip of fifty pictures has few tab stops, and the arrow keys reach its thumbnails', async (t) => {
  const fifty = Array.from({ length: 50 }, (_, n) => ({ ...sample(1)[0], alt: `Side ${n + 1}` }));
  const id = await product(fifty);
  const page = await open(t, await elsewhere(t, `${TAG}${gallery(id)}<button id="after">Buy</button>`), { width: 390 });
  await eventually(() => part(page, 'picture').count(), 50);
  let stops = 0;
  while (stops < 110 && (await focused(page)) !== 'button') {
    await page.keyboard.press('Tab');
    stops++;
  }
  assert.ok(stops <= 6, `${stops} tab stops`);
  await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /^thumb/);
  await page.keyboard.press('ArrowRight');
  await eventually(() => indexOf(page), 1);
  assert.equal(await focused(page), 'thumb thumb-current');
});

test('an index that is set while the gallery is hidden, or before it is loaded, is kept', async (t) => {
  const id = await product(sample(5));
  const page = await open(t, await elsewhere(t, TAG + gallery(id, 'hidden')), { width: 390 });
  await page.evaluate(() => customElements.whenDefined('product-canvas'));
  await eventually(() => element(page).evaluate(({ items }) => items.length), 5);
  // What the gallery does some time after a scroll is done when this clock says so.
  await page.clock.install();
  await part(page, 'strip').evaluate((strip) => strip.addEventListener('scroll', () => (window.scrolled = true)));
  await element(page).evaluate((one) => {
    one.index = 3;
    one.hidden = false;
  });
  const scrolled = () =>
    part(page, 'strip').evaluate(({ scrollLeft, clientWidth, children }) => [
      Math.round((scrollLeft / clientWidth) * 10) >= 29,
      children.length,
    ]);
  await eventually(scrolled, [true, 5]);
  await eventually(() => page.evaluate(() => window.scrolled), true);
  await page.clock.runFor(1_000);
  assert.equal(await indexOf(page), 3);
});

test('of twelve galleries only the first picture of the first one is urgent', async (t) => {
  const id = await product(sample(3));
  const page = await open(t, await elsewhere(t, TAG + gallery(id).repeat(12)), { width: 390 });
  await eventually(() => part(page, 'picture').count(), 36);
  const all = () =>
    part(page, 'picture').evaluateAll((pictures) => [
      pictures.filter(({ fetchPriority }) => fetchPriority === 'high').length,
      pictures.filter(({ loading }) => loading === 'eager').length,
    ]);
  assert.deepEqual(await all(), [1, 2]);
});

test('where more thumbnails follow, one is cut by the edge', async (t) => {
  const fifteen = Array.from({ length: 15 }, (_, n) => ({ ...sample(1)[0], alt: `Side ${n + 1}` }));
  const id = await product(fifteen);
  const page = await open(t, await elsewhere(t, TAG + gallery(id, 'layout="strip"')), { width: 390 });
  await eventually(() => part(page, 'thumb').count(), 15);
  for (const width of [320, 336, 344, 360, 375, 390, 400, 412, 430, 500, 600]) {
    await page.setViewportSize({ width, height: 800 });
    const share = () =>
      part(page, 'thumbs').evaluate((thumbs) => {
        const edge = thumbs.getBoundingClientRect().right;
        const cut = [...thumbs.children]
          .map((thumb) => thumb.getBoundingClientRect())
          .find(({ left, right }) => left < edge && right > edge);
        return cut ? Math.round(((edge - cut.left) / cut.width) * 10) : 0;
      });
    await eventually(async () => [4, 5, 6].includes(await share()), true);
  }
});

test('a clip that has ended shows its poster and its button again', async (t) => {
  const id = await product(sample(1, 1));
  const page = await open(t, await elsewhere(t, TAG + gallery(id)));
  const video = part(page, 'video');
  // Loop until it was seen to play, because a video that has ended counts as paused.
  await video.evaluate((clip) => (clip.loop = true));
  await part(page, 'play').click();
  await eventually(() => video.evaluate(({ paused }) => paused), false);
  await video.evaluate((clip) => Object.assign(clip, { loop: false, playbackRate: 16 }));
  await eventually(() => part(page, 'play').isVisible(), true, 20);
  assert.deepEqual(await video.evaluate(({ controls, currentTime }) => [controls, currentTime]), [false, 0]);
  assert.equal(await focused(page), 'play');
});

test('on paper all pictures are shown, without buttons, dark on white in dark mode too', async (t) => {
  const id = await product(sample(5, 1));
  const page = await open(t, await elsewhere(t, TAG + gallery(id)), { width: 390, colorScheme: 'dark' });
  await eventually(() => part(page, 'item').count(), 6);
  await page.emulateMedia({ media: 'print' });
  const seen = await part(page, 'item').evaluateAll((all) =>
    all.map((one) => {
      const { left, right, height } = one.getBoundingClientRect();
      return left >= 0 && right <= innerWidth && height > 50;
    }),
  );
  assert.deepEqual(seen, Array(6).fill(true));
  assert.equal(await page.locator('product-canvas button:not([part~=open]):visible').count(), 0);
  const colours = await part(page, 'gallery').evaluate((one) => getComputedStyle(one).color);
  assert.equal(colours, 'rgb(0, 0, 0)');
});

test('right to left, the position reads as everywhere', async (t) => {
  const id = await product(sample(5));
  const page = await open(t, await elsewhere(t, `<div dir="rtl">${TAG}${gallery(id)}</div>`), { width: 390 });
  await eventually(() => part(page, 'picture').count(), 5);
  const places = await part(page, 'position').evaluate((one) => {
    const text = one.firstChild;
    return [0, text.data.length - 1].map((n) => {
      const range = document.createRange();
      range.setStart(text, n);
      range.setEnd(text, n + 1);
      return range.getBoundingClientRect().left;
    });
  });
  assert.ok(places[0] < places[1], `${places}`);
});

test('crossorigin is passed to pictures, posters and videos', async (t) => {
  const id = await product(sample(1, 1));
  const page = await open(t, await elsewhere(t, TAG + gallery(id, 'crossorigin')));
  await eventually(() => part(page, 'item').count(), 2);
  const set = await page.locator('product-canvas :is(img, video)').evaluateAll((all) => all.map((one) => one.crossOrigin));
  assert.deepEqual(new Set(set), new Set(['anonymous']));
});
