// Starts Canvas with its own servers on free ports, and two more instances that need a key and a token. Runs the tests
// in Chromium against them, then stops everything. Arguments are test files; without any, all files of this folder run.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './support/ports.js';

const HERE = import.meta.dirname;
const HOME = process.env.CANVAS_HOME ?? join(HERE, '..', '..');
const READY_SECONDS = 120;
const KEY = 'a-key-of-the-browser-tests';
const SECRET = 'a-secret-of-the-browser-tests-and-their-issuer';

const running = [];
const data = await mkdtemp(join(tmpdir(), 'canvas-browser-'));

/**
 * Settings for another instance with its own database on the same servers; with a shared one, the instances would
 * need a cluster.
 */
async function separateDatabase({ Postgres, Redis }, name, number) {
  const client = new pg.Client({ connectionString: Postgres });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const own = new URL(Postgres);
  own.pathname = `/${name}`;
  return { CANVAS_POSTGRES_URI: own.href, CANVAS_REDIS_URI: `${Redis}/${number}` };
}

/** Starts ./canvas and waits until it is ready; returns its address and its output. */
async function canvas(args, settings) {
  const port = await freePort();
  const management = await freePort();
  const child = spawn(join(HOME, 'canvas'), args, {
    cwd: data,
    env: {
      ...process.env,
      CANVAS_HTTP_HOST: '127.0.0.1',
      CANVAS_HTTP_PORT: port,
      CANVAS_MANAGEMENT_PORT: management,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (!(await answers(`http://127.0.0.1:${management}/health/ready`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`./canvas ${args.join(' ')} is not ready:\n${output}`);
    }
    await setTimeout(100);
  }
  return { site: `http://127.0.0.1:${port}`, management: `http://127.0.0.1:${management}`, output: () => output };
}

async function answers(address) {
  return fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stop() {
  for (const child of running.reverse()) {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  await rm(data, { recursive: true, force: true });
}

async function main() {
  const up = await canvas(['up', '--data-dir', join(data, 'store')], {
    CANVAS_AUTH_MODE: 'none',
  });
  while (!/Ctrl-C/.test(up.output())) {
    await setTimeout(20);
  }
  const addresses = await readFile(join(data, 'store', 'stores.env'), 'utf8');
  const [Postgres, Redis] = ['POSTGRES', 'REDIS'].map((name) => addresses.match(`CANVAS_${name}_URI=(.+)`)[1]);
  const stores = { Postgres, Redis };
  const guarded = await canvas(['serve'], {
    ...(await separateDatabase(stores, 'guarded', 1)),
    CANVAS_AUTH_MODE: 'keys',
    CANVAS_AUTH_KEYS: `browser:${createHash('sha256').update(KEY).digest('hex')}`,
    CANVAS_MANAGEMENT_KEY: KEY,
  });
  const tokens = await canvas(['serve'], {
    ...(await separateDatabase(stores, 'tokens', 2)),
    CANVAS_AUTH_MODE: 'jwt',
    CANVAS_AUTH_JWT_ALGORITHM: 'HS256',
    CANVAS_AUTH_JWT_SECRET: SECRET,
    CANVAS_AUTH_JWT_ISSUER: 'https://issuer.example',
    CANVAS_AUTH_JWT_AUDIENCE: 'canvas',
  });
  const files = process.argv.slice(2);
  const tests = files.length > 0 ? files : (await readdir(HERE)).filter((name) => name.endsWith('.test.js')).sort();
  const runner = spawn(
    process.execPath,
    [
      '--test',
      '--test-concurrency=1',
      '--test-timeout=300000',
      '--test-reporter=spec',
      ...tests.map((name) => join(HERE, name)),
    ],
    {
      env: {
        ...process.env,
        SITE: up.site,
        MANAGEMENT: up.management,
        GUARDED_MANAGEMENT: guarded.management,
        GUARDED_SITE: guarded.site,
        GUARDED_KEY: KEY,
        TOKEN_SITE: tokens.site,
        TOKEN_SECRET: SECRET,
        POSTGRES: stores.Postgres,
      },
      stdio: 'inherit',
    },
  );
  const [code] = await once(runner, 'exit');
  return code ?? 1;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => stop().finally(() => process.exit(130)));
}

let code = 1;
try {
  code = await main();
} catch (failure) {
  console.error(`src/test/browser: ${failure.message}`);
} finally {
  await stop();
}
process.exit(code);
