/** Sends the traces of requests to a collector. */
package dev.canvas.app.tracing;
