// Debian's Firefox, driven by WebDriver BiDi.

import { after, before } from 'node:test';
import puppeteer from 'puppeteer-core';
import { SITE } from './site.js';

const TIMEOUT = 20_000;

/**
 * A Firefox for the tests of a file. `open(path, options)` returns a page in its own context, which is closed after the
 * test `t`. Exceptions, requests and dialogs are collected in `page.faults`, `page.requests` and `page.dialogs`.
 */
export function firefox() {
  let browser;
  before(async () => {
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    });
  });
  after(() => browser.close());
  return async (t, path, { width = 1280, height = 900, prepare = async () => {} } = {}) => {
    const context = await browser.createBrowserContext();
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    await page.setViewport({ width, height });
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.requests = [];
    page.on('request', (request) => page.requests.push(request.url()));
    page.dialogs = [];
    page.on('dialog', (dialog) => {
      page.dialogs.push(dialog.message());
      dialog.dismiss().catch(() => {});
    });
    await prepare(page);
    await page.goto(path.startsWith('http') ? path : SITE + path);
    return page;
  };
}
