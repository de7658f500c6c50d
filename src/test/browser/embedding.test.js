// The element in pages of other sites, as docs/gallery.md describes it: from another origin and under a strict policy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import EventBus from '@vertx/eventbus-bridge-client.js';
import { elsewhere } from './support/elsewhere.js';
import { browsing, eventually, product, put, sample, SITE } from './support/site.js';

const open = browsing();

const MODULE = await (await fetch(`${SITE}/product-canvas.json`)).json();
const TAG = `<script type="module" src="${MODULE.src}" integrity="${MODULE.integrity}" crossorigin></script>`;
const POLICY = [
  `default-src 'none'; style-src 'self'`,
  `script-src ${SITE}; img-src ${SITE}; media-src ${SITE}`,
  `connect-src ${SITE} ${SITE.replace('http', 'ws')}`,
].join('; ');

const part = (page, name) => page.locator(`product-canvas [part~="${name}"]`);

/** Records the details of the element's events, from before it exists. */
const listen = (page) =>
  page.addInitScript(() => {
    window.events = {};
    for (const name of ['load', 'change', 'open', 'close', 'error']) {
      addEventListener(`canvas:${name}`, ({ detail, composed, bubbles }) => {
        (window.events[name] ??= []).push({ ...detail, composed, bubbles });
      });
    }
  });

const events = (page, name) => page.evaluate((wanted) => window.events[wanted] ?? [], name);

test('one tag makes a live gallery on another origin, with integrity and a strict policy', async (t) => {
  const id = await product(sample(3, 1));
  const address = await elsewhere(t, `${TAG}<product-canvas product-id="${id}" src="${SITE}" live></product-canvas>`, {
    'Content-Security-Policy': POLICY,
  });
  const page = await open(t, address, { prepare: listen });
  await part(page, 'gallery').waitFor();
  const [load] = await events(page, 'load');
  assert.equal(load.document.product_id, id);
  assert.equal(load.total, 4);
  assert.match(load.cacheStatus, /^canvas; /, 'CORS exposes it');
  assert.ok(load.milliseconds >= 0 && load.composed && load.bubbles);
  await eventually(
    () =>
      part(page, 'picture')
        .first()
        .evaluate(({ naturalWidth }) => naturalWidth),
    800,
  );
  await part(page, 'open').first().click();
  await part(page, 'dialog').waitFor();
  await page.keyboard.press('Escape');
  await put(id, sample(3));
  await eventually(() => part(page, 'item').count(), 3, 20);
  assert.deepEqual(page.faults, []);
});

test('the module has a permanent address and a stable one', async () => {
  const stable = await fetch(`${SITE}/product-canvas.js`, { redirect: 'manual' });
  assert.equal(stable.status, 200);
  assert.equal(stable.headers.get('cache-control'), 'public, max-age=300');
  assert.equal(await stable.text(), await (await fetch(MODULE.src)).text());
  const permanent = await fetch(MODULE.src);
  assert.equal(permanent.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(permanent.headers.get('access-control-allow-origin'), '*');
  assert.match(permanent.headers.get('content-type'), /^text\/javascript/);
  assert.ok(MODULE.bytes <= 20 * 1024, `${MODULE.bytes} bytes`);
  const compressed = await fetch(MODULE.src, { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(compressed.headers.get('content-encoding'), 'gzip');
});

test('a module that does not match the pinned hash does not run, and the plain pictures stay', async (t) => {
  const id = await product(sample(1));
  const plain = `<img src="${SITE}/samples/harbor-top.b168ae2e.webp" alt="From above">`;
  const wrong = TAG.replace(/sha384-..../, 'sha384-AAAA');
  // As at a node of another release, which answers with its own module.
  for (const pinned of [wrong, wrong.replace(/\.[\da-f]{8}\.js/, '.00000000.js')]) {
    const page = await open(
      t,
      await elsewhere(t, `${pinned}<product-canvas product-id="${id}" src="${SITE}">${plain}</product-canvas>`),
    );
    await page.waitForLoadState('load');
    assert.equal(await page.evaluate(() => customElements.get('product-canvas')), undefined);
    assert.equal(await page.getByAltText('From above').isVisible(), true);
  }
});

test('without integrity, a pin of a release that this node does not know makes a gallery all the same', async (t) => {
  const id = await product(sample(2));
  const pinned = `<script type="module" src="${MODULE.src.replace(/\.[\da-f]{8}\.js/, '.00000000.js')}"></script>`;
  const page = await open(
    t,
    await elsewhere(t, `${pinned}<product-canvas product-id="${id}" src="${SITE}"></product-canvas>`),
  );
  await eventually(() => part(page, 'picture').count(), 2);
});

test('without src it uses the origin of its module, and product-id may change', async (t) => {
  const [one, other] = [await product(sample(2)), await product(sample(5))];
  const address = await elsewhere(
    t,
    `<script type="module" src="${SITE}/product-canvas.js"></script><product-canvas product-id="${one}"></product-canvas>`,
  );
  const page = await open(t, address);
  await eventually(() => part(page, 'picture').count(), 2);
  await page.locator('product-canvas').evaluate((element, id) => element.setAttribute('product-id', id), other);
  await eventually(() => part(page, 'picture').count(), 5);
});

test('an unreachable service is reported by an event; the page keeps its content or gets a message', async (t) => {
  const away = 'http://127.0.0.1:9';
  for (const [content, visible] of [
    ['<p>Plain</p>', 'Plain'],
    ['', 'The pictures cannot be loaded right now.'],
  ]) {
    const page = await open(
      t,
      await elsewhere(t, `${TAG}<product-canvas product-id="1" src="${away}" live>${content}</product-canvas>`),
      {
        prepare: listen,
      },
    );
    await page.getByText(visible).waitFor();
    const [{ kind, status, index, item }] = await events(page, 'error');
    assert.deepEqual({ kind, status, index, item }, { kind: 'document', status: 0, index: null, item: null });
    assert.deepEqual(page.faults, []);
  }
});

test('a page styles it by parts and custom properties, and other styles do not leak in or out', async (t) => {
  const id = await product(sample(6));
  const css = `
    product-canvas { --canvas-columns: 3; --canvas-gap: 20px; --canvas-radius: 9px; }
    product-canvas::part(item) { border: 4px solid rgb(1, 2, 3); }
    li, img, button { display: none !important; }`;
  const page = await open(
    t,
    await elsewhere(
      t,
      `<style>${css}</style>${TAG}<product-canvas product-id="${id}" src="${SITE}"></product-canvas><p class="icon">Mine</p>`,
    ),
  );
  await part(page, 'gallery').waitFor();
  const boxes = await part(page, 'item').evaluateAll((items) =>
    items.map((item) => item.getBoundingClientRect().toJSON()),
  );
  assert.equal(new Set(boxes.map(({ left }) => Math.round(left))).size, 3);
  assert.equal(Math.round(boxes[1].left - boxes[0].right), 20);
  const styled = await part(page, 'item')
    .first()
    .evaluate((item) => {
      const { borderTopColor, borderRadius } = getComputedStyle(item);
      return { borderTopColor, borderRadius };
    });
  assert.deepEqual(styled, { borderTopColor: 'rgb(1, 2, 3)', borderRadius: '9px' });
  assert.equal(await part(page, 'picture').first().isVisible(), true);
  assert.equal(await page.locator('p.icon').evaluate((mine) => getComputedStyle(mine).position), 'static');
});

test('two galleries of a page share one socket and play one video at a time', async (t) => {
  const [one, other] = [await product(sample(1, 1)), await product(sample(1, 1))];
  const tags = [one, other, one]
    .map((id) => `<product-canvas product-id="${id}" src="${SITE}" live></product-canvas>`)
    .join('');
  const sockets = [];
  const page = await open(t, await elsewhere(t, TAG + tags), {
    prepare: async (fresh) => fresh.on('websocket', (socket) => sockets.push(socket.url())),
  });
  await eventually(() => part(page, 'video').count(), 3);
  const paused = () => part(page, 'video').evaluateAll((all) => all.map((video) => video.paused));
  // Loop, because a video that has ended counts as paused.
  await part(page, 'video').evaluateAll((all) => all.forEach((video) => (video.loop = true)));
  for (const [n, expected] of [
    [0, [false, true, true]],
    [1, [true, false, true]],
    [2, [true, true, false]],
  ]) {
    await part(page, 'video')
      .nth(n)
      .evaluate((video) => video.play());
    await eventually(paused, expected);
  }
  await eventually(() => sockets.length, 1);
});

test("the client of Vert.x's bridge receives changes, and its messages are rejected", async (t) => {
  const id = await product(sample(1));
  const bus = new EventBus(`${SITE}/eventbus`);
  t.after(() => bus.close());
  await new Promise((resolve) => (bus.onopen = resolve));
  const versions = [];
  const refused = new Promise((resolve) => (bus.onerror = resolve));
  bus.registerHandler(`canvas.media.changed.${id}`, (error, { body }) => versions.push(body.version));
  await eventually(() => versions.length > 0, true);
  const { version } = await put(id, sample(2));
  await eventually(() => versions.at(-1), version);
  bus.publish('canvas.media.put', {});
  assert.equal((await refused).body, 'rejected');
});

test('a bridge that closes its sockets is retried with growing delays, and nothing else is requested', async (t) => {
  const id = await product(sample(2));
  const asked = [];
  let tries = 0;
  const page = await open(t, 'about:blank');
  await page.clock.install();
  await page.routeWebSocket('**/eventbus/websocket', (socket) => {
    tries++;
    // Accepted, and closed at the first message.
    socket.onMessage(() => socket.close({ code: 1013 }));
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(await elsewhere(t, `${TAG}<product-canvas product-id="${id}" src="${SITE}" live></product-canvas>`));
  await part(page, 'gallery').waitFor();
  await eventually(() => tries, 1);
  const ofApi = () => asked.filter((url) => url.includes('/api/')).length;
  // Each delay is at most twice the one before it, and at least half of that.
  for (let second = 0; second < 60; second++) {
    await page.clock.runFor(1_000);
    await page.evaluate(() => Promise.resolve());
  }
  assert.ok(tries >= 3 && tries <= 9, `${tries} tries in a minute`);
  assert.equal(ofApi(), 1);
  assert.equal(await part(page, 'picture').count(), 2);
});

test('a policy that forbids the socket is violated only once', async (t) => {
  const id = await product(sample(1));
  const page = await open(t, 'about:blank');
  await page.clock.install();
  let refused = 0;
  page.on('console', (message) => (refused += /Content Security Policy|Refused/.test(message.text()) ? 1 : 0));
  await page.goto(
    await elsewhere(t, `${TAG}<product-canvas product-id="${id}" src="${SITE}" live></product-canvas>`, {
      'Content-Security-Policy': POLICY.replace(` ${SITE.replace('http', 'ws')}`, ''),
    }),
  );
  await part(page, 'gallery').waitFor();
  await eventually(() => refused > 0, true);
  const first = refused;
  for (let second = 0; second < 30; second++) {
    await page.clock.runFor(1_000);
    await page.evaluate(() => Promise.resolve());
  }
  assert.equal(refused, first);
});

test('with https-only, pictures at http addresses are replaced by their texts', async (t) => {
  const id = await product([...sample(2), { type: 'image', url: 'https://cdn.invalid/a.webp', alt: 'Gone' }]);
  const media = [
    { id: 1, type: 'image', url: 'http://cdn.invalid/a.webp', alt: 'Left side' },
    { id: 2, type: 'video', url: 'http://cdn.invalid/a.webm', poster: 'http://cdn.invalid/p.webp', alt: 'On foot' },
    { id: 3, type: 'image', url: '/samples/harbor-top.b168ae2e.webp', alt: 'From above' },
  ];
  const inlined = `<script type="application/json">${JSON.stringify({ product_id: id, version: 1, media })}</script>`;
  const asked = [];
  const page = await open(
    t,
    await elsewhere(t, `${TAG}<product-canvas product-id="${id}" src="${SITE}" https-only>${inlined}</product-canvas>`),
    {
      prepare: async (fresh) => {
        await listen(fresh);
        fresh.on('request', (request) => asked.push(request.url()));
      },
    },
  );
  await eventually(() => part(page, 'fallback').count(), 2);
  assert.match(await part(page, 'fallback').first().textContent(), /Left side/);
  assert.deepEqual(
    (await events(page, 'error')).map(({ kind, index }) => [kind, index]),
    [
      ['picture', 0],
      ['video', 1],
    ],
  );
  await page.locator('product-canvas').evaluate((element) => element.open(2));
  await page.keyboard.press('Home');
  assert.equal(await page.locator('product-canvas').evaluate((element) => element.index), 2);
  assert.deepEqual(
    asked.filter((url) => url.includes('cdn.invalid')),
    [],
  );
});
