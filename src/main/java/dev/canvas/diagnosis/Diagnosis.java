package dev.canvas.diagnosis;

import dev.canvas.media.Redactor;

/**
 * What is wrong with a server, and what an operator does about it. Contains no secrets. Immutable.
 *
 * @param problem one line without a full stop, such as {@code it refuses the password}
 * @param remedy what to do, in the same form
 */
public record Diagnosis(String problem, String remedy) {

  /** Takes out the secrets, and all lines but the first. */
  public Diagnosis {
    problem = firstLine(problem);
    remedy = Redactor.redact(remedy);
  }

  /** With the words of the server, which have the names. */
  public Diagnosis saying(String words) {
    String line = firstLine(words);
    return line.isEmpty() ? this : new Diagnosis(problem + " (" + line + ")", remedy);
  }

  /** The first line of a text without a full stop, and without secrets. */
  public static String firstLine(String text) {
    String line = text == null ? "" : text.strip().lines().findFirst().orElse("").strip();
    return Redactor.redact(line.endsWith(".") ? line.substring(0, line.length() - 1) : line);
  }

  /** Both, as one sentence. */
  @Override
  public String toString() {
    return problem + ": " + remedy;
  }
}
