/** Fills the store: the sample catalogue, and generated products beside it. */
package dev.canvas.seed;
