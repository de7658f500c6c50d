import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

const LOWEST = 12_000;

/** The lowest port of connections, where the system does not say: the default of Linux. */
const USUAL_END = 32_768;

/**
 * Returns a port of this machine that nobody listens on. It is below those that the system gives to connections, so
 * that none takes it before a server does.
 */
export async function freePort() {
  const end = await lowestOfConnections();
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (end - LOWEST));
    if (await isFree(port)) {
      return port;
    }
  }
}

async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function lowestOfConnections() {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'ascii').catch(() => '');
  const lowest = Number.parseInt(range, 10);
  // Where connections get nearly all ports, there is no better choice than the usual one.
  return lowest > 2 * LOWEST ? lowest : USUAL_END;
}
