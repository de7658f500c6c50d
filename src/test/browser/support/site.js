// The site under test: its addresses, its API, its store, and browsers that open it.

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

/** The sites that need a key or a token, each with its credential. They have their own products. */
export const guarded = () => ({ site: GUARDED_SITE, credential: GUARDED_KEY });
export const tokened = () => ({ site: TOKEN_SITE, credential: token() });

/** A token that TOKEN_SITE accepts, unless the given claims make it invalid. */
export function token(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const valid = { iss: 'https://issuer.example', aud: 'canvas', iat: now, exp: now + 600, scope: 'media:write' };
  const signed = [
    { alg: 'HS256', typ: 'JWT' },
    { ...valid, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', process.env.TOKEN_SECRET).update(signed).digest('base64url')}`;
}

/** The folder for screenshots and reports. */
export const ARTEFACTS = process.env.ARTEFACTS;

/** The viewport heights by width: a phone, a tablet and a desktop. */
export const WIDTHS = { 390: 844, 820: 1180, 1280: 900 };

/** Product ids: a separate range per test file, above the sample catalogue. The files run one after the other. */
const FILES = readdirSync(join(import.meta.dirname, '..'))
  .filter((name) => name.endsWith('.test.js'))
  .sort();
let next = 500_000 + FILES.indexOf(basename(process.argv[1])) * 10_000;

/** Media made of the sample catalogue's files: up to 6 pictures and up to 2 videos. */
export function sample(pictures = 3, videos = 0) {
  const names = [
    'quarter.2d262090',
    'left.07a45470',
    'right.c38982d0',
    'back.ecbd6389',
    'top.b168ae2e',
    'front.d290f214',
  ];
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
    poster: '/samples/harbor-poster.67755d90.webp',
    width: 400,
    height: 500,
  }));
  return [...items, ...clips];
}

/** Creates a product for a test, optionally on another site; returns its id. */
export async function product(media, where) {
  const id = next++;
  if (media) {
    await put(id, media, where);
  }
  return id;
}

/** Retries after 503, so that a busy machine does not fail a test. */
async function retryIfUnavailable(attempt) {
  for (let tries = 1; ; tries++) {
    const response = await attempt();
    const status = typeof response?.status === 'function' ? response.status() : response?.status;
    if (status !== 503 || tries === 5) {
      return response;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Writes through the API as another client would; returns the document. */
export async function put(id, media, { site = SITE, credential } = {}) {
  const response = await retryIfUnavailable(() =>
    fetch(`${site}/api/products/${id}/media`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', ...(credential ? { Authorization: `Bearer ${credential}` } : {}) },
      body: JSON.stringify({ media }),
    }),
  );
  if (!response.ok) {
    throw new Error(`PUT answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}

/** Returns the stored document, or null. */
export async function read(id, site = SITE) {
  const response = await retryIfUnavailable(() => fetch(`${site}/api/products/${id}/media`));
  return response.status === 404 ? null : response.json();
}

export async function remove(id) {
  const { status } = await fetch(`${SITE}/api/products/${id}/media`, { method: 'DELETE' });
  if (status !== 204) {
    throw new Error(`DELETE answered ${status}`);
  }
}

/** Runs SQL on the store, bypassing the API and its validation. */
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
 * A browser for the tests of a file. `open(path, options)` returns a page in its own context, which is closed after the
 * test `t`. Exceptions and policy violations are collected in `page.faults`.
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
    page.setDefaultTimeout(30_000); // for a busy machine
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) {
        page.faults.push(message.text());
      }
    });
    await prepare(page);
    await retryIfUnavailable(() => page.goto(/^(http|about:)/.test(path) ? path : SITE + path));
    return page;
  };
}

/** Makes a page read from right to left, as soon as it has a document: for `prepare`. */
export const rightToLeft = (page) =>
  page.addInitScript(() => addEventListener('DOMContentLoaded', () => (document.documentElement.dir = 'rtl')));

/** The focused element, through shadow roots: its part, or its tag name. */
export const focused = (page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) {
      active = active.shadowRoot.activeElement;
    }
    return active?.getAttribute('part') ?? active?.localName ?? null;
  });

/** Starts Debian's Chromium without its background activity. */
export function launch(extra = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...extra,
    ],
  });
}

/** Waits until a value equals the expected one; fails with the last value. */
export async function eventually(get, expected, seconds = 30) {
  const until = Date.now() + seconds * 1000;
  let found;
  do {
    found = await get();
    if (JSON.stringify(found) === JSON.stringify(expected)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < until);
  throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}
