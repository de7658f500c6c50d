// Takes the pictures of docs/pictures again: .ci/browser docs-pictures.js. PICTURES names another folder, to compare with.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { browsing, eventually, product, put, read, rightToLeft, sample } from './support/site.js';

const FOLDER = process.env.PICTURES ?? join(process.env.CANVAS_HOME, 'docs', 'pictures');

/** The most bytes of a picture, so that the repository stays small. */
const MOST = 60 * 1024;

/** The pictures: the width and height of the window, and what is shown there. */
const PICTURES = {
  'phone-light': { width: 360, height: 740 },
  'phone-dark-rtl': { width: 360, height: 740, dark: true, rtl: true },
  'tablet-dark': { width: 768, height: 1024, dark: true },
  'desktop-three': { width: 1440, height: 900, media: sample(3) },
  'full-screen': { width: 1440, height: 900, shown: 1 },
  paper: { width: 768, height: 1024, dark: true, print: true },
};

const open = browsing();

/** Waits until the pictures in view are loaded and drawn. */
const settled = (page) =>
  eventually(
    () =>
      page.locator('product-canvas').evaluate(async ({ shadowRoot }) => {
        const seen = [...shadowRoot.querySelectorAll('img')].filter((picture) => {
          const { top, left, right, width } = picture.getBoundingClientRect();
          return width > 0 && top < innerHeight && left < innerWidth && right > 0;
        });
        await Promise.all(seen.map((picture) => picture.decode().catch(() => {})));
        return seen.length > 0 && seen.every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
      }),
    true,
    20,
  );

/** Saves what the window shows. */
async function take(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  const bytes = Buffer.from(data, 'base64');
  assert.ok(bytes.length <= MOST, `${bytes.length} bytes`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${name}.webp`), bytes);
}

for (const [name, { width, height, dark, rtl, print, media, shown }] of Object.entries(PICTURES)) {
  test(name, async (t) => {
    const path = `/products/${media ? await product(media) : 1}`;
    const page = await open(t, path, {
      width,
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      prepare: (fresh) => rtl && rightToLeft(fresh),
    });
    const gallery = page.locator('product-canvas');
    await gallery.locator('[part~=gallery]').waitFor();
    if (print) {
      await gallery.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print' });
    }
    if (shown !== undefined) {
      await gallery.evaluate((element, n) => element.open(n), shown);
    }
    await settled(page);
    await take(page, name);
  });
}

test('operators', async (t) => {
  const page = await open(t, `${process.env.MANAGEMENT}/`, { width: 1280, viewport: { width: 1280, height: 820 } });
  const id = await product(sample(3));
  let asking = true;
  const load = (async () => {
    for (let n = 0; asking; n++) {
      await Promise.all([read(1 + (n % 12)), read(id), read(id + 1 + n)]);
      if (n % 20 === 0) {
        await put(id, sample(1 + ((n / 20) % 6)));
      }
      await setTimeout(5 + 5 * Math.sin(n / 400));
    }
  })();
  try {
    await setTimeout(60_000); // what the charts show
    await take(page, 'operators');
  } finally {
    asking = false;
    await load;
  }
});

test('interfaces', async (t) => {
  const page = await open(t, '/docs', { width: 1440, viewport: { width: 1440, height: 900 } });
  await take(page, 'interfaces');
});
