/**
 * The data side: reads and writes media in Redis and the store, and is reached over the event bus.
 *
 * <p>{@link dev.canvas.data.DataNode} assembles it. The packages below it, each of which sees only
 * those named before it:
 *
 * <ul>
 *   <li>{@code store}: what a store has to offer, for reads, writes, bulk imports and the relay
 *   <li>{@code connection}: a permanent connection that reconnects, and batches of one tick
 *   <li>{@code postgres}, {@code couchdb}: the two stores
 *   <li>{@code cache}: the cache in Redis, the near cache, and what the process knows better than
 *       both
 *   <li>{@code read}: {@code ReadThrough}, the protocol of a read
 *   <li>{@code write}: {@code GroupCommit}, the protocol of a write, and the relay
 * </ul>
 */
package dev.canvas.data;
