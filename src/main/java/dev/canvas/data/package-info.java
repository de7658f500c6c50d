/**
 * The data side: asks Redis first and Postgres second, and is reached only over the event bus. See
 * {@link dev.canvas.data.CachedStore} for the way of a read.
 */
package dev.canvas.data;
