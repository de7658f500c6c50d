// How the editor shows international hosts: the module alone, with the hosts that browsers and attackers use.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const HOME = process.env.CANVAS_HOME ?? join(import.meta.dirname, '..', '..', '..');
const FILE = 'src/main/resources/dev/canvas/http/page/assets/editor/host.js';
const source = await readFile(join(HOME, FILE), 'utf8');
const { asciiHost, readable } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

test('hosts in one script are shown in its letters, and go back to what is stored', () => {
  for (const host of [
    'bücher.example',
    'łódź.example',
    'президент.рф',
    'тема.example',
    'ελληνικά.example',
    '例え.テスト',
    '中文.example',
    '한국.example',
    'हिन्दी.example',
    'cdn.bücher.example:8443',
  ]) {
    const address = `https://${host}/größe.jpg?a=b#c`;
    const stored = asciiHost(address);
    assert.match(stored, /^https:\/\/[\x21-\x7f]+\/größe\.jpg\?a=b#c$/);
    assert.match(stored, /xn--/);
    assert.equal(readable(stored), address);
    assert.equal(readable(stored.replace('https', 'http')), address.replace('https', 'http'));
    assert.equal(asciiHost(readable(stored)), stored);
  }
});

test('hosts that can be taken for others stay in ASCII', () => {
  for (const host of [
    'аррӏе.example', // all Cyrillic
    'gооgle.example', // Cyrillic among Latin
    'νοτε.example'.replace('ε', 'η'), // all Greek
    'bank.ノ.example', // a slash
    'a丿b.example',
    'dıgital.example', // a letter without its dot
    'faß.example', // a second ASCII form
    'עברית.example', // from right to left
    'ⰰⰱⰲ.example', // letters that few can read
    'bücher.gооgle.example',
  ]) {
    const stored = asciiHost(`https://${host}/1.jpg`);
    assert.match(stored, /^https:\/\/[a-z\d.-]+\/1\.jpg$/, host);
    const shown = readable(stored);
    assert.equal(asciiHost(shown), stored);
    const bad = host.split('.').findLast((label) => /[^\0-\x7f]/.test(label));
    assert.ok(!shown.includes(bad), shown);
  }
});

test('what is no international host is left as it is', () => {
  for (const address of [
    '',
    '/xn--bcher-kva/1.jpg',
    'https://a.example/xn--bcher-kva',
    'https://xn--.example/',
    'https://xn--99999999999999999999.example/',
    'https://xn--a-.example/',
    'https://xn--bcher-kva@evil.example/',
    'https://xn--bcher-KVAX-0.example/',
    'ftp://xn--bcher-kva.example/',
    'x',
  ]) {
    assert.equal(readable(address), address);
  }
  for (const address of ['https://a b/', 'https://ü ü/', 'https://a@ü/', '/ü', 'javascript:ü']) {
    assert.equal(asciiHost(address), address);
  }
});
