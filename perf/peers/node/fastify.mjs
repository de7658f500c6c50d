// Fastify and ioredis, as their users tune them: two workers, no request log, auto-pipelining (all GETs of one
// turn of the event loop go out in one write), the value sent as the bytes that were received (getBuffer), and
// headers set in one call.
//
// It does: route, GET from Redis, split the value, send six headers and the document.
// It does not: read Postgres on a miss (it answers 404), keep a near cache, answer 304, compress, count requests.
import cluster from "node:cluster";
import Fastify from "fastify";
import { Redis } from "ioredis";

const { PORT, REDIS_PORT, KEY_PREFIX } = process.env;
const WORKERS = 2;
// A value is one letter, 16 digits of the version, then the document.
const HEADER_LENGTH = 17;

if (cluster.isPrimary) {
  for (let i = 0; i < WORKERS; i++) {
    cluster.fork();
  }
  process.on("SIGTERM", () => process.exit(0));
} else {
  const redis = new Redis({ host: "127.0.0.1", port: Number(REDIS_PORT), enableAutoPipelining: true });
  const app = Fastify({ logger: false });

  app.get("/api/products/:id/media", async (request, reply) => {
    const value = await redis.getBuffer(KEY_PREFIX + request.params.id);
    if (value === null) {
      return reply.code(404).send();
    }
    reply.headers({
      "cache-status": "canvas; hit; detail=redis",
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "ETag, Cache-Status",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      etag: `"${value.latin1Slice(1, HEADER_LENGTH)}"`,
      "cache-control": "no-cache",
      "content-type": "application/json",
      vary: "accept-encoding",
    });
    return reply.send(value.subarray(HEADER_LENGTH));
  });

  await app.listen({ host: "127.0.0.1", port: Number(PORT) });
}
