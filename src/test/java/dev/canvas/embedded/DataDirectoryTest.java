package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {

  @TempDir Path temporary;

  private static String refusal(Path directory) {
    String message =
        assertThrows(EmbeddedServersException.class, () -> DataDirectory.claim(directory))
            .getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  /** Every path below a directory, with its modification time and its bytes. */
  private static Map<String, String> listing(Path directory) throws IOException {
    Map<String, String> listing = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String bytes =
            Files.isDirectory(path) ? "" : HexFormat.of().formatHex(Files.readAllBytes(path));
        listing.put(path.toString(), Files.getLastModifiedTime(path) + " " + bytes);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return listing;
  }

  private void assertRefusedUntouched(Path directory, String expected) throws IOException {
    Map<String, String> before = listing(temporary);
    String message = refusal(directory);
    assertTrue(message.contains(expected), message);
    assertEquals(before, listing(temporary));
  }

  @Test
  void createsANewDirectoryWithMetadata() throws Exception {
    Path directory = temporary.resolve("a/b");
    DataDirectory.claim(directory).close();
    assertEquals(new DirectoryMetadata("1", "18"), DirectoryMetadata.read(directory));
    DataDirectory.claim(directory).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lost+found", "canvas.lock", "canvas-data.properties.new"})
  void acceptsADirectoryWithIgnoredFilesOnly(String name) throws Exception {
    Files.createFile(temporary.resolve(name));
    DataDirectory.claim(temporary).close();
    assertTrue(DirectoryMetadata.isIn(temporary));
  }

  @Test
  void refusesADirectoryWithOtherFiles() throws Exception {
    Files.writeString(temporary.resolve("thesis.tex"), "years of work");
    Files.createDirectories(temporary.resolve("postgres"));
    assertRefusedUntouched(temporary, "is not empty and has no canvas-data.properties");
  }

  @Test
  void refusesAFile() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertRefusedUntouched(file, "is a file, not a directory");
    assertRefusedUntouched(file.resolve("below"), "is a file, so ");
  }

  @Test
  void refusesADirectoryThatIsNotWritable() {
    Path unwritable =
        Path.of("/proc/canvas"); // Not writable even for root; does not exist on macOS.
    assertTrue(refusal(unwritable).contains("/proc"));
    assertFalse(Files.exists(unwritable));
  }

  @Test
  void refusesAnotherFormat() throws Exception {
    new DirectoryMetadata("2", "18").write(temporary);
    assertRefusedUntouched(temporary, "holds data of format 2 and this version of Canvas uses 1");
  }

  @Test
  void refusesAnotherPostgres() throws Exception {
    new DirectoryMetadata("1", "17").write(temporary);
    assertRefusedUntouched(
        temporary, "holds data of Postgres 17 and this version of Canvas uses 18");
  }

  @Test
  void refusesAClusterOfAnotherPostgresRegardlessOfTheMetadata() throws Exception {
    DirectoryMetadata.CURRENT.write(temporary);
    Files.createDirectories(temporary.resolve("postgres"));
    Files.writeString(temporary.resolve("postgres/PG_VERSION"), "17\n");
    assertRefusedUntouched(
        temporary, "holds data of Postgres 17 and this version of Canvas uses 18");
  }

  @Test
  void refusesDamagedMetadata() throws Exception {
    Files.writeString(temporary.resolve(DirectoryMetadata.FILE), "\\u00");
    assertRefusedUntouched(temporary, "canvas-data.properties is damaged");
    Files.writeString(temporary.resolve(DirectoryMetadata.FILE), "");
    assertRefusedUntouched(temporary, "holds data of format unknown");
  }

  @Test
  void refusesADiskWithTooLittleSpace() {
    DirectoryCheck.refuseTooFull(temporary, DirectoryCheck.MINIMUM_FREE);
    String message =
        assertThrows(
                EmbeddedServersException.class,
                () -> DirectoryCheck.refuseTooFull(temporary, DirectoryCheck.MINIMUM_FREE - 1))
            .getMessage();
    assertTrue(message.contains("has 199 MB free and 200 MB are needed"), message);
  }

  @Test
  void hasOneOwnerAtATime() {
    try (DataDirectory owned = DataDirectory.claim(temporary)) {
      String message = refusal(temporary.resolve("../" + temporary.getFileName()));
      assertTrue(message.contains("is in use by process"), message);
      assertTrue(Files.isDirectory(owned.log("postgres").file().getParent()));
    }
    DataDirectory.claim(temporary).close();
  }
}
