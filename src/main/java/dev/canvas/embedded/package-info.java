/**
 * Starts real Postgres and Redis servers from jars, for a demo, for a small site on one machine,
 * and for integration tests. All code blocks: call it from {@code main} or a worker thread.
 *
 * <p>{@link dev.canvas.embedded.EmbeddedServers} starts both. {@link
 * dev.canvas.embedded.PostgresServer} and {@link dev.canvas.embedded.RedisServer} run in a {@code
 * DataDirectory} that one process holds, and share their life cycle in {@code LoopbackServer}.
 * {@code ServerWatch} starts one again that has ended.
 */
package dev.canvas.embedded;
