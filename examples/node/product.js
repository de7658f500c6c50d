#!/usr/bin/env node
// Writes, reads and follows a product over the TCP bridge of Canvas: product.js HOST PORT ID [KEY]
const net = require('node:net');

const [host, port, id, key] = process.argv.slice(2);
const product = Number(id);
const headers = key ? { authorization: `Bearer ${key}` } : {};
const bridge = net.connect(port, host);

function send(frame) {
  const content = Buffer.from(JSON.stringify(frame));
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length);
  bridge.write(Buffer.concat([length, content]));
}

async function* frames() {
  let received = Buffer.alloc(0);
  for await (const bytes of bridge) {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE()) {
      const end = 4 + received.readInt32BE();
      yield JSON.parse(received.subarray(4, end));
      received = received.subarray(end);
    }
  }
}

async function main() {
  const media = [{ type: 'image', url: '/node.jpg', alt: 'Left side' }];
  send({ type: 'register', address: `canvas.media.changed.${product}` });
  const body = { product_id: product, media };
  send({ type: 'send', address: 'canvas.media.put', replyAddress: 'written', headers, body });
  let written, read, heard = -1;
  for await (const frame of frames()) {
    if (frame.type === 'err') throw new Error(frame.message);
    if (frame.address === 'written') {
      written = frame.body.version;
      send({ type: 'send', address: 'canvas.media.get', replyAddress: 'read', body: { product_id: product } });
    } else if (frame.address === 'read') {
      read = frame.body.media[0].url;
      console.log('read', read);
    } else {
      heard = Math.max(heard, frame.body.version);
    }
    if (read && heard >= written) break;
  }
  console.log('heard of version', written);
}

main().then(() => bridge.destroy(), (failure) => {
  console.error(failure.message);
  process.exit(1);
});
