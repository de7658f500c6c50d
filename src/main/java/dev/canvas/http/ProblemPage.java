package dev.canvas.http;

/**
 * The page that stands for one that cannot be shown. Immutable.
 *
 * @param heading what happened, in a few words
 * @param text what to make of it
 */
record ProblemPage(String heading, String text) {}
