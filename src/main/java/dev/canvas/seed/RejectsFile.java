package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.Failures;
import dev.canvas.seed.source.ProductSource.InvalidRecord;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the invalid records of a run and writes the first {@value #MAX_WRITTEN} to a file, with
 * line and reason. The first invalid record creates the file. Thread-safe.
 */
final class RejectsFile implements AutoCloseable {

  private static final int MAX_WRITTEN = 100;
  private static final int MAX_TEXT = 2_000;

  private final Path file;
  private final long maxErrors;
  private final boolean isContinued;
  private long count;
  private int written;
  private Writer writer;

  /**
   * @param before invalid records that the run met before it was resumed; the file already lists
   *     them
   * @param maxErrors invalid records that the run tolerates
   */
  RejectsFile(Path file, long before, long maxErrors) throws IOException {
    this.file = file;
    this.count = before;
    this.isContinued = before > 0;
    this.written = (int) Math.min(before, MAX_WRITTEN);
    this.maxErrors = maxErrors;
    if (before == 0) {
      // Left over from another load.
      Files.deleteIfExists(file);
    }
  }

  /**
   * Adds an invalid record.
   *
   * @throws dev.canvas.media.ProblemException if there are more than the run tolerates
   */
  synchronized void add(InvalidRecord invalid) {
    count++;
    write(invalid);
    if (count > maxErrors) {
      throw Problem.TOO_MANY_REJECTS.because(
          "More than %d records are invalid (--max-errors); the last is line %d: %s. See %s:"
              + " correct the source, or resume with a higher --max-errors",
          maxErrors, invalid.line(), invalid.reason(), file);
    }
  }

  /** Adds what was left out of a product that is loaded, which the run tolerates. */
  synchronized void addLeftOut(InvalidRecord invalid) {
    write(invalid);
  }

  /** The name of the file. */
  Path file() {
    return file;
  }

  private void write(InvalidRecord invalid) {
    if (written++ >= MAX_WRITTEN) {
      return;
    }
    try {
      append(invalid);
    } catch (IOException failure) {
      throw Problem.UNAVAILABLE.because(
          "Cannot write invalid records to %s (%s): free space, or load from a directory that can"
              + " be written to",
          file, Failures.text(failure));
    }
  }

  private void append(InvalidRecord invalid) throws IOException {
    if (writer == null) {
      writer =
          isContinued
              ? Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
              : Files.newBufferedWriter(file);
    }
    String text = invalid.text();
    writer.write(
        "line %d: %s: %s%n"
            .formatted(
                invalid.line(),
                invalid.reason(),
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
