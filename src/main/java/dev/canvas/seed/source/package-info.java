/**
 * Reads or generates the products of a load, and splits them into chunks. Knows nothing of stores.
 */
package dev.canvas.seed.source;
