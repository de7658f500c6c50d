import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort } from './support/ports.js';

test('free ports are none that the system gives to connections', async () => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'ascii');
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  for (const port of ports) {
    assert.ok(port < Number.parseInt(range, 10), `${port} may be the next one of a connection: ${range}`);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  }
});
