package dev.canvas.seed.source;

/**
 * A part of a source that is no product. Immutable.
 *
 * @param line where it begins, from 1
 * @param reason what was expected
 * @param text what stood there
 */
public record Reject(long line, String reason, String text) {}
