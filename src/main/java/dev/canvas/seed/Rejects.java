package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.source.Reject;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What of a source is no product: counted, the first hundred written to a file with line and
 * reason. The file is made with the first of them. Thread-safe.
 */
final class Rejects implements AutoCloseable {

  private static final int SHOWN = 100;
  private static final int MAX_TEXT = 2_000;

  private final Path file;
  private final long most;
  private long count;
  private Writer writer;

  /**
   * @param file gets them, after those of before
   * @param before how many the run has had before
   * @param most the run outlives
   */
  Rejects(Path file, long before, long most) throws IOException {
    this.file = file;
    this.count = before;
    this.most = most;
    if (before == 0) {
      // Those of another load would be taken for this one's.
      Files.deleteIfExists(file);
    }
  }

  /**
   * Takes one more.
   *
   * @throws dev.canvas.media.ProblemException where it is one too many
   */
  synchronized void add(Reject reject) {
    if (count++ < SHOWN) {
      write(reject);
    }
    if (count > most) {
      throw Problem.TOO_MANY_REJECTS.because(
          "More than %d parts of the source are no products (--max-errors): the last is line %d: %s."
              + " They are in %s: mend the source, or allow for more, with --resume too",
          most, reject.line(), reject.reason(), file);
    }
  }

  private void write(Reject reject) {
    try {
      append(reject);
    } catch (IOException full) {
      throw Problem.UNAVAILABLE.because(
          "What is rejected cannot be written to %s (%s): make room, or load from where it can be",
          file, Failures.text(full));
    }
  }

  private void append(Reject reject) throws IOException {
    if (writer == null) {
      writer =
          count == 1
              ? Files.newBufferedWriter(file)
              : Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    String text = reject.text();
    writer.write(
        "line %d: %s: %s%n"
            .formatted(
                reject.line(),
                reject.reason(),
                text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…"));
    writer.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }
}
