package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A document in a file of its own, for the editor of whoever runs the command.
 *
 * @param file stays if what is in it could not be stored
 */
record DocumentEditor(Path file) {

  /** Writes a document to a temporary file, which only its owner can read. */
  static DocumentEditor open(long productId, String document) {
    try {
      return new DocumentEditor(
          Files.writeString(Files.createTempFile("canvas-" + productId + "-", ".json"), document));
    } catch (IOException failure) {
      throw new StartFailure(
          "No temporary file can be written (%s)".formatted(StartFailure.cause(failure)), failure);
    }
  }

  /**
   * Waits until the editor has ended; returns what is in the file then.
   *
   * @param editor a command of the shell
   */
  String edit(String editor) {
    try {
      int code =
          new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString())
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new StartFailure(
            "The editor '%s' ended with exit code %d, so nothing is stored; your text is in %s"
                .formatted(editor, code, file));
      }
      return Files.readString(file);
    } catch (IOException failure) {
      throw new StartFailure(
          "%s cannot be read as UTF-8 (%s)".formatted(file, StartFailure.cause(failure)), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted; your text is in " + file, interrupted);
    }
  }

  /** Deletes the file. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw new StartFailure("%s cannot be deleted".formatted(file), failure);
    }
  }
}
