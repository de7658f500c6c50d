package dev.canvas.http.page;

/**
 * The page that stands for one that cannot be shown. Immutable.
 *
 * @param heading what happened, in a few words
 * @param text what to make of it
 * @param editor where it can be mended, or null
 */
record ProblemPage(String heading, String text, String editor) {

  ProblemPage(String heading, String text) {
    this(heading, text, null);
  }
}
