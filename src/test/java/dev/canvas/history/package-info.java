/**
 * Checks that reads are never stale and writes are never lost while everything fails: records the
 * history of random clients during faults, and judges it. {@code docs/history-checker.md} explains
 * how, and how to read a violation.
 */
package dev.canvas.history;
