package dev.canvas.data;

import io.vertx.redis.client.RedisConnection;

/**
 * A connection to Redis that commands may be sent to. Immutable.
 *
 * @param connection pipelines what it is sent
 * @param runId the run of the server that was reached: another run may have come back from an old
 *     snapshot, so its keys are not ours
 * @param leaseScript the hash of the loaded lease script
 * @param fillScript the hash of the loaded fill script
 */
record RedisSession(
    RedisConnection connection, String runId, String leaseScript, String fillScript) {}
