// The site under test: its addresses, its API, its store, and browsers before it.

import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import pg from 'pg';

export const SITE = process.env.SITE;
export const GUARDED_SITE = process.env.GUARDED_SITE;
export const GUARDED_KEY = process.env.GUARDED_KEY;

export const TOKEN_SITE = process.env.TOKEN_SITE;

/** A token of the issuer that TOKEN_SITE believes, with other claims than an honest one where given. */
export function token(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const honest = { iss: 'https://issuer.example', aud: 'canvas', iat: now, exp: now + 600, scope: 'media:write' };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, { ...honest, ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', process.env.TOKEN_SECRET).update(signed).digest('base64url')}`;
}

/** Where screenshots and reports go. */
export const ARTEFACTS = process.env.ARTEFACTS;

/** A telephone, a tablet, a desk. */
export const WIDTHS = { 390: 844, 820: 1180, 1280: 900 };

/** Numbers of a file's own, far behind the sample catalogue; the files run one after the other, in this order. */
const FILES = readdirSync(join(import.meta.dirname, '..')).filter((name) => name.endsWith('.test.js')).sort();
let next = 500_000 + FILES.indexOf(basename(process.argv[1])) * 10_000;

/** A product of the sample catalogue's pictures: 2 … 6 of them, and a video where asked for. */
export function sample(pictures = 3, videos = 0) {
  const names = ['quarter.2d262090', 'left.07a45470', 'right.c38982d0', 'back.ecbd6389', 'top.b168ae2e', 'front.d290f214'];
  const items = names.slice(0, pictures).map((name, index) => ({
    type: 'image',
    url: `/samples/harbor-${name}.webp`,
    alt: `Side ${index + 1}`,
    width: 800,
    height: 1000,
  }));
  const clips = ['harbor-turntable.bb31aa51', 'meridian-turntable.51069cdd'].slice(0, videos).map((name, index) => ({
    type: 'video',
    url: `/samples/${name}.webm`,
    alt: `Clip ${index + 1}`,
    poster: '/samples/harbor-poster.056a23b4.webp',
    width: 400,
    height: 500,
  }));
  return [...items, ...clips];
}

/** Writes a product of its own for a test; resolves with its number. */
export async function product(media) {
  const id = next++;
  if (media) {
    await put(id, media);
  }
  return id;
}

/** Tries again what is told to come back (503), as on a machine that is busy with others; else fails a test for nothing of its own. */
async function patiently(attempt) {
  for (let tries = 1; ; tries++) {
    const response = await attempt();
    const status = typeof response?.status === 'function' ? response.status() : response?.status;
    if (status !== 503 || tries === 5) {
      return response;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Writes over the API as another program would; resolves with the document. */
export async function put(id, media) {
  const response = await patiently(() => fetch(`${SITE}/api/products/${id}/media`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ media }),
  }));
  if (!response.ok) {
    throw new Error(`PUT answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}

/** The document that the store has, or null. */
export async function read(id) {
  const response = await patiently(() => fetch(`${SITE}/api/products/${id}/media`));
  return response.status === 404 ? null : response.json();
}

export async function remove(id) {
  const { status } = await fetch(`${SITE}/api/products/${id}/media`, { method: 'DELETE' });
  if (status !== 204) {
    throw new Error(`DELETE answered ${status}`);
  }
}

/** Runs SQL on the store, past the API and its rules. */
export async function sql(text, values) {
  const client = new pg.Client({ connectionString: process.env.POSTGRES });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

/**
 * A browser for the tests of a file. `open(path, options)` gives a page in a context of its own, closed after the
 * test `t`; what goes wrong in it (exceptions, refusals of the policy) is collected in `page.faults`.
 */
export function browsing() {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  return async (t, path, { width = 1280, prepare = async () => {}, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width, height: WIDTHS[width] ?? 900 }, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) {
        page.faults.push(message.text());
      }
    });
    await prepare(page);
    await patiently(() => page.goto(/^(http|about:)/.test(path) ? path : SITE + path));
    return page;
  };
}

/** Chromium as Debian packages it, without what it does of its own accord. */
export function launch(extra = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...extra,
    ],
  });
}

/** Waits until something holds; fails with what it was. */
export async function eventually(what, expected, seconds = 8) {
  const until = Date.now() + seconds * 1000;
  let found;
  do {
    found = await what();
    if (JSON.stringify(found) === JSON.stringify(expected)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < until);
  throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}
