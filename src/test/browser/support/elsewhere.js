// A page of another site: it is on another port of this machine, which makes it another origin.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** Serves a page until the test `t` ends; returns its address. */
export async function elsewhere(t, body, headers = {}) {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title></head><body>${body}</body></html>`;
  const server = createServer(({ url }, response) => {
    response
      .writeHead(url === '/' ? 200 : 204, { 'Content-Type': 'text/html', ...headers })
      .end(url === '/' ? page : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}
