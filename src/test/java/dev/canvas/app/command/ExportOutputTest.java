package dev.canvas.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.StartFailure;
import io.vertx.core.buffer.Buffer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an export leaves in its file, also after a failure. */
class ExportOutputTest {

  @TempDir private Path directory;

  @Test
  void replacesOrAppendsToAFile() throws Exception {
    for (String name : new String[] {"a.ndjson", "a.ndjson.gz"}) {
      Path file = directory.resolve(name);
      write(file, false, "old");
      write(file, false, "one");
      write(file, true, "two");
      try (InputStream raw = Files.newInputStream(file);
          InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
        assertEquals("one\ntwo\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void refusesToAppendToAnIncompleteLine() throws Exception {
    Path file = Files.writeString(directory.resolve("torn.ndjson"), "one\n{\"product_id\":2,\"me");
    StartFailure torn = assertThrows(StartFailure.class, () -> ExportOutput.open(file, true));
    assertTrue(torn.getMessage().contains("is incomplete"), torn.getMessage());
    assertEquals("one\n{\"product_id\":2,\"me", Files.readString(file));
  }

  @Test
  void rollbackRemovesWhatWasNotCommitted() throws Exception {
    Path file = directory.resolve("b.ndjson");
    try (ExportOutput output = ExportOutput.open(file, false)) {
      output.writeLine(Buffer.buffer("one"));
      output.commit();
      // More than the buffer holds.
      output.writeLine(Buffer.buffer("x".repeat(1 << 18)));
      assertTrue(output.rollback());
    }
    assertEquals("one\n", Files.readString(file));
    try (ExportOutput compressed = ExportOutput.open(directory.resolve("b.ndjson.gz"), false)) {
      assertFalse(compressed.rollback(), "gzip is not valid without its trailer");
    }
  }

  @Test
  void namesAFileThatCannotBeWritten() {
    StartFailure none =
        assertThrows(
            StartFailure.class, () -> ExportOutput.open(directory.resolve("none/c.ndjson"), false));
    assertTrue(none.getMessage().contains("its directory does not exist"), none.getMessage());
  }

  private static void write(Path file, boolean append, String line) throws Exception {
    try (ExportOutput output = ExportOutput.open(file, append)) {
      output.writeLine(Buffer.buffer(line));
    }
  }
}
