package dev.canvas.app.doctor;

import dev.canvas.app.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks the directory of temporary files, into which libraries and files of the jar are unpacked
 * while the service runs.
 */
final class TemporaryFiles {

  private static final int PROBE_BYTES = 1 << 20;

  private static final String REMEDY =
      "free some space, or name another directory: CANVAS_JAVA_OPTS=-Djava.io.tmpdir=DIR"
          + " (JDK_JAVA_OPTIONS in the image)";

  private TemporaryFiles() {}

  /**
   * Checks that files can be written there.
   *
   * @throws StartFailure if they cannot
   */
  static void require() {
    problem()
        .ifPresent(
            problem -> {
              throw new StartFailure(problem + ": " + REMEDY);
            });
  }

  static Finding finding() {
    return problem()
        .map(problem -> Finding.fail("temporary files", problem, REMEDY))
        .orElseGet(() -> Finding.ok("temporary files", directory() + " can be written"));
  }

  private static Optional<String> problem() {
    Path directory = directory();
    Path probe = null;
    try {
      probe = Files.createTempFile(directory, "canvas", ".probe");
      Files.write(probe, new byte[PROBE_BYTES]);
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of(
          "Temporary files cannot be written to %s (%s)"
              .formatted(directory, StartFailure.cause(failure)));
    } finally {
      delete(probe);
    }
  }

  private static void delete(Path probe) {
    try {
      if (probe != null) {
        Files.deleteIfExists(probe);
      }
    } catch (IOException remains) {
      probe.toFile().deleteOnExit();
    }
  }

  private static Path directory() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }
}
