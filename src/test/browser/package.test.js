// The element as an npm package: what it contains, and that servers which render pages can import it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const HOME = process.env.CANVAS_HOME ?? join(import.meta.dirname, '..', '..', '..');
const PACKAGE = join(HOME, 'src/main/resources/dev/canvas/http/page/assets/product-canvas');

test('the package has the modules and the types', () => {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PACKAGE, encoding: 'utf8' }));
  const names = packed.files.map(({ path }) => path);
  for (const name of ['package.json', 'product-canvas.js', 'product-canvas.d.ts', 'strip.js', 'viewer.js']) {
    assert.ok(names.includes(name), `${names}`);
  }
  assert.ok(names.every((name) => /^(package\.json|[a-z-]+(\.d)?\.[jt]s)$/.test(name)), `${names}`);
});

test('a server without a document can import the module', async () => {
  const { ProductCanvas } = await import(pathToFileURL(join(PACKAGE, 'product-canvas.js')).href);
  assert.ok(ProductCanvas.observedAttributes.includes('product-id'));
});
