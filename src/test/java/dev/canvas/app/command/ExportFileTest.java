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

/** The file of an export. */
class ExportFileTest {

  @TempDir private Path directory;

  @Test
  void aFileIsWrittenAnewOrAddedTo() throws Exception {
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
  void nothingIsAddedToALineThatIsNotWhole() throws Exception {
    Path file = Files.writeString(directory.resolve("torn.ndjson"), "one\n{\"product_id\":2,\"me");
    StartFailure torn = assertThrows(StartFailure.class, () -> ExportFile.open(file, true));
    assertTrue(torn.getMessage().contains("is not whole"), torn.getMessage());
    assertEquals("one\n{\"product_id\":2,\"me", Files.readString(file));
  }

  @Test
  void whatWasNotKeptIsTakenBack() throws Exception {
    Path file = directory.resolve("b.ndjson");
    try (ExportFile target = ExportFile.open(file, false)) {
      target.line(Buffer.buffer("one"));
      target.keep();
      // More than is buffered.
      target.line(Buffer.buffer("x".repeat(1 << 18)));
      assertTrue(target.takeBack());
    }
    assertEquals("one\n", Files.readString(file));
    try (ExportFile compressed = ExportFile.open(directory.resolve("b.ndjson.gz"), false)) {
      assertFalse(compressed.takeBack(), "without its end an archive is not whole");
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    StartFailure none =
        assertThrows(
            StartFailure.class, () -> ExportFile.open(directory.resolve("none/c.ndjson"), false));
    assertTrue(none.getMessage().contains("its directory is not there"), none.getMessage());
  }

  private static void write(Path file, boolean append, String line) throws Exception {
    try (ExportFile target = ExportFile.open(file, append)) {
      target.line(Buffer.buffer(line));
    }
  }
}
