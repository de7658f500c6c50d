/**
 * Real Postgres and Redis servers started from jars, for a demo or a small site on one machine and
 * for integration tests. Blocking code: call it from {@code main} or a worker thread.
 */
package dev.canvas.embedded;
