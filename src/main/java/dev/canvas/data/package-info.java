/**
 * The data side: asks Redis first and Postgres second, and is reached only over the event bus. See
 * {@link dev.canvas.data.ReadThrough} for the way of a read.
 */
package dev.canvas.data;
