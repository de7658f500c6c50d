// Renditions by a real image server: Debian's NGINX with its image filter, in front of the sample pictures.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { elsewhere } from './support/elsewhere.js';
import { freePort } from './support/ports.js';
import { browsing, eventually, product, sample, SITE } from './support/site.js';

const MODULES = process.env.NGINX_MODULES ?? '/usr/lib/nginx/modules';
const open = browsing();
let port;
let nginx;
let home;

before(async () => {
  port = await freePort();
  home = await mkdtemp(join(tmpdir(), 'canvas-renditions-'));
  // /640/http://shop.example/a.webp is that picture, at most 640 pixels wide.
  await writeFile(
    join(home, 'nginx.conf'),
    `
    load_module ${MODULES}/ngx_http_image_filter_module.so;
    daemon off;
    pid ${home}/pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/f; uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s;
      image_filter_buffer 8M;
      server {
        listen 127.0.0.1:${port};
        location / { return 404; }
        location ~ ^/(?<width>\\d+)/https?:/+[^/]+/(?<path>.+)$ {
          proxy_pass ${SITE}/$path;
          image_filter resize $width -;
          proxy_hide_header Access-Control-Allow-Origin;
          add_header Access-Control-Allow-Origin *;
        }
      }
    }`,
  );
  nginx = spawn('nginx', ['-p', home, '-c', join(home, 'nginx.conf'), '-e', 'stderr'], { stdio: 'inherit' });
  await eventually(
    () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        ({ status }) => status,
        () => 0,
      ),
    404,
  );
});

after(async () => {
  nginx.kill('SIGTERM');
  await once(nginx, 'exit');
  await rm(home, { recursive: true, force: true });
});

const MODULE = (await (await fetch(`${SITE}/product-canvas.json`)).json()).src;

/**
 * Opens a page with the element; returns the width that the browser requested for the first picture, and that of the
 * file.
 */
async function chosen(t, template, { width, deviceScaleFactor, attributes = '' }) {
  const id = await product(sample(2));
  const tag = `<product-canvas product-id="${id}" src="${SITE}" renditions="${template}" ${attributes}></product-canvas>`;
  const page = await open(t, await elsewhere(t, `<script type="module" src="${MODULE}"></script>${tag}`), {
    width,
    deviceScaleFactor,
  });
  const picture = page.locator('product-canvas [part~=picture]').first();
  await picture.waitFor();
  await eventually(() => picture.evaluate(({ complete, naturalWidth }) => complete && naturalWidth > 0), true);
  const { source, shown } = await picture.evaluate(({ currentSrc, clientWidth }) => ({
    source: currentSrc,
    shown: clientWidth,
  }));
  const file = await page.evaluate(
    async (url) => (await createImageBitmap(await (await fetch(url)).blob())).width,
    source,
  );
  return { page, shown, asked: Number(new URL(source).pathname.split('/')[1]), file };
}

for (const form of ['{url}', '{+url}']) {
  test(`the browser requests the width that the layout and the pixel density need, with ${form}`, async (t) => {
    const template = `http://127.0.0.1:${port}/{width}/${form}`;
    for (const [width, deviceScaleFactor, asked] of [
      [390, 1, 640],
      [390, 2, 960],
      [1280, 1, 960],
      [300, 1, 320],
    ]) {
      const found = await chosen(t, template, { width, deviceScaleFactor });
      assert.equal(found.asked, asked, `${found.shown} pixels at ${deviceScaleFactor}`);
      assert.equal(found.file, Math.min(asked, 800), 'the original is 800 pixels wide');
      const offered = await found.page
        .locator('product-canvas [part~=picture]')
        .first()
        .evaluate(({ srcset }) => srcset.match(/\d+(?=w)/g));
      assert.deepEqual(offered, ['320', '640', '960'], 'only one is wider than the original');
      assert.ok(found.file >= Math.min(800, found.shown * deviceScaleFactor), JSON.stringify(found.shown));
    }
  });
}

test('thumbnails use the smallest rendition, full screen a larger one', async (t) => {
  const { page } = await chosen(t, `http://127.0.0.1:${port}/{width}/{url}`, { width: 390, deviceScaleFactor: 1 });
  const widthOf = (selector) =>
    page
      .locator(`product-canvas ${selector}`)
      .first()
      .evaluate(({ currentSrc }) => currentSrc && Number(new URL(currentSrc).pathname.split('/')[1]));
  await eventually(() => widthOf('.thumb img'), 320);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.locator('product-canvas [part~=open]').first().click();
  await eventually(() => widthOf('img[part~=stage-media]'), 960);
});

test('the attributes widths and sizes are used', async (t) => {
  const template = `http://127.0.0.1:${port}/{width}/{url}`;
  const found = await chosen(t, template, {
    width: 390,
    deviceScaleFactor: 1,
    attributes: 'widths="200 500" sizes="150px"',
  });
  assert.equal(found.asked, 200);
  assert.equal(found.file, 200);
});

test('if the image server fails, the original pictures are shown', async (t) => {
  const id = await product(sample(2));
  const tag = `<product-canvas product-id="${id}" src="${SITE}" renditions="http://127.0.0.1:${port}/none/{width}/{url}"></product-canvas>`;
  const page = await open(t, await elsewhere(t, `<script type="module" src="${MODULE}"></script>${tag}`), {
    width: 390,
  });
  const picture = page.locator('product-canvas [part~=picture]').first();
  await eventually(
    () =>
      picture.evaluate(({ currentSrc, naturalWidth }) => [
        new URL(currentSrc || 'http://none').origin,
        naturalWidth > 0,
      ]),
    [SITE, true],
  );
  assert.equal(await page.locator('product-canvas [part~=fallback]').count(), 0);
});
