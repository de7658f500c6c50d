// Express and Redis as the first service used them in 2019: the callback client, one GET per request,
// JSON.parse of the value and res.json of the result. Two workers, because the machine has two cores, and
// NODE_ENV=production. Every side must send the same headers, so X-Powered-By is off, and the ETag is the
// version instead of Express's own (a hash of the body, which is more work).
//
// It does: route, GET from Redis, parse, serialise, send six headers and the document.
// It does not: read Postgres on a miss (it answers 404), answer 304 for a version, compress, count requests.
const cluster = require("cluster");
const express = require("express");
const redis = require("redis");

const { PORT, REDIS_PORT, KEY_PREFIX } = process.env;
const WORKERS = 2;
// A value is one letter, 16 digits of the version, then the document.
const HEADER_LENGTH = 17;

if (cluster.isMaster) {
  for (let i = 0; i < WORKERS; i++) {
    cluster.fork();
  }
  process.on("SIGTERM", () => process.exit(0));
} else {
  const client = redis.createClient({ host: "127.0.0.1", port: Number(REDIS_PORT) });
  const app = express();
  app.disable("x-powered-by");

  app.get("/api/products/:id/media", (req, res) => {
    client.get(KEY_PREFIX + req.params.id, (err, value) => {
      if (err) {
        res.status(500).end();
      } else if (value === null) {
        res.status(404).end();
      } else {
        const product = JSON.parse(value.slice(HEADER_LENGTH));
        res.set("Cache-Status", "canvas; hit; detail=redis");
        res.set("Access-Control-Allow-Origin", "*");
        res.set("Access-Control-Expose-Headers", "ETag, Cache-Status");
        res.set("Cross-Origin-Resource-Policy", "cross-origin");
        res.set("X-Content-Type-Options", "nosniff");
        res.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        res.set("ETag", `"${product.version}"`);
        res.set("Cache-Control", "no-cache");
        res.set("Vary", "accept-encoding");
        res.json(product);
      }
    });
  });

  app.listen(Number(PORT), "127.0.0.1");
}
