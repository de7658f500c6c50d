/**
 * The contract between a load and the store that it writes to: the request, the progress, and what
 * a store has to implement.
 */
package dev.canvas.seed.target;
