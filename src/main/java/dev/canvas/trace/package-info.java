/** Which trace a request belongs to, and what is recorded of it. */
package dev.canvas.trace;
