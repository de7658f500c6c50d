package dev.canvas.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The commands of {@code docs/operations.md}, which tests execute as they stand there. */
final class OperationsDocument {

  private OperationsDocument() {}

  /** The shell commands below a heading. */
  static String commands(String heading) {
    String section = section(heading);
    int begin = section.indexOf("```sh\n");
    if (begin < 0) {
      throw new IllegalArgumentException("no commands below " + heading);
    }
    return section.substring(begin + 6, section.indexOf("\n```", begin));
  }

  private static String section(String heading) {
    try {
      String text = Files.readString(Path.of("docs/operations.md"));
      int begin = text.indexOf("\n### " + heading + "\n");
      if (begin < 0) {
        throw new IllegalArgumentException("docs/operations.md has no heading " + heading);
      }
      int end = text.indexOf("\n##", begin + 5);
      return text.substring(begin, end);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
