// Takes a screenshot of each page at each width, light and dark, for people to look at.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ARTEFACTS, browsing, eventually, product, put, read, sample, WIDTHS } from './support/site.js';

const open = browsing();

/** Scrolls through the page, so that lazy pictures load, and waits for them. */
const loadAll = async (page) => {
  await page.evaluate(async () => {
    for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
      scrollTo(0, top);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => scrollTo(0, 0));
};

/** Waits until the visible pictures are loaded. */
const settled = (page) =>
  eventually(
    () =>
      page.evaluate(() => {
        const roots = [
          document,
          ...[...document.querySelectorAll('product-canvas')].map((element) => element.shadowRoot),
        ];
        const pictures = roots.flatMap((root) => [...root.querySelectorAll('img')]);
        const seen = (picture) => {
          const { top, left, right } = picture.getBoundingClientRect();
          const frame = picture.closest('[part~=strip]')?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
          return top < innerHeight && left < frame.right && right > frame.left && picture.checkVisibility();
        };
        const videos = roots.flatMap((root) => [...root.querySelectorAll('video')]).filter(seen);
        return (
          videos.every(
            ({ controls, networkState, NETWORK_LOADING }) => !controls && networkState !== NETWORK_LOADING,
          ) && pictures.filter(seen).every(({ complete }) => complete)
        );
      }),
    true,
  );

for (const colorScheme of ['light', 'dark']) {
  for (const width of Object.keys(WIDTHS).map(Number)) {
    test(`pictures at ${width} pixels, ${colorScheme}`, async (t) => {
      await mkdir(ARTEFACTS, { recursive: true });
      const options = { width, colorScheme, reducedMotion: 'reduce' };
      const keep = async (page, name, fullPage = false) => {
        if (fullPage) {
          await loadAll(page);
        }
        await settled(page);
        await page.screenshot({ path: join(ARTEFACTS, `${name}-${width}-${colorScheme}.png`), fullPage });
      };
      let page = await open(t, '/', options);
      await keep(page, 'catalogue');
      page = await open(t, '/products/1', options);
      await page.locator('product-canvas [part~=gallery]').waitFor();
      for (let reads = 0; reads < 3; reads++) {
        await page.getByRole('button', { name: 'Read again' }).click();
        await eventually(() => page.locator('.reads li').count(), reads + 1);
      }
      await page.evaluate(() => {
        document.activeElement.blur();
        scrollTo(0, 0);
      });
      await keep(page, 'product');
      await keep(page, 'product-whole', true);
      await page.locator('product-canvas [part~=open]').first().click();
      await page.locator('product-canvas [part~=dialog]').waitFor();
      await keep(page, 'full-screen');
      await page.locator('product-canvas').evaluate((element) => {
        element.close();
        element.open(element.items.findIndex(({ type }) => type === 'video'));
      });
      await keep(page, 'full-screen-video');
      page = await open(t, '/products/1/edit', options);
      await page.locator('.workbench').waitFor();
      await page.locator('.items .down').first().click();
      await page.evaluate(() => document.activeElement.blur());
      await keep(page, 'editor');
      await keep(page, 'editor-whole', true);
      const id = await product(sample(3));
      page = await open(t, `/products/${id}/edit`, options);
      await page.locator('.workbench').waitFor();
      await page.locator('.items [name=alt]').first().fill('Mine');
      const [first, second, third] = (await read(id)).media;
      await put(id, [second, { ...first, alt: 'Theirs' }, third]);
      await page.locator('.dock .save').click();
      await page.getByRole('dialog').waitFor();
      await keep(page, 'conflict');
      page = await open(t, '/products/999999999', options);
      await keep(page, 'missing-product');
    });
  }
}
