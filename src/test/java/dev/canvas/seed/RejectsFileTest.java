package dev.canvas.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.source.ProductSource.InvalidRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counting and listing invalid records. */
class RejectsFileTest {

  @TempDir private Path directory;

  @Test
  void theFirstHundredAreListedAndAllAreCounted() throws Exception {
    Path file = directory.resolve("a.rejects");
    try (RejectsFile rejects = new RejectsFile(file, 0, 150)) {
      for (int line = 1; line <= 150; line++) {
        rejects.add(new InvalidRecord(line, "wrong", "text " + line));
      }
      ProblemException over =
          assertThrows(
              ProblemException.class,
              () -> rejects.add(new InvalidRecord(151, "one more", "text")));
      assertEquals(Problem.TOO_MANY_REJECTS, over.problem());
      assertTrue(over.getMessage().contains("More than 150"), over.getMessage());
      assertTrue(over.getMessage().contains("line 151: one more"), over.getMessage());
    }
    assertEquals(100, Files.readAllLines(file).size());
    assertEquals("line 100: wrong: text 100", Files.readAllLines(file).get(99));
  }

  @Test
  void theFileOfAnotherLoadIsDeleted() throws Exception {
    Path file = Files.writeString(directory.resolve("b.rejects"), "of yesterday");
    new RejectsFile(file, 0, 10).close();
    assertFalse(Files.exists(file));
  }

  @Test
  void aResumedLoadAppendsToItsFile() throws Exception {
    Path file = Files.writeString(directory.resolve("c.rejects"), "line 1: wrong: x\n");
    try (RejectsFile rejects = new RejectsFile(file, 1, 10)) {
      rejects.add(new InvalidRecord(2, "wrong too", "y"));
    }
    assertEquals("line 1: wrong: x\nline 2: wrong too: y\n", Files.readString(file));
  }

  @Test
  void aFileThatCannotBeWrittenFailsTheLoadWithItsPath() throws Exception {
    Path file = directory.resolve("none/d.rejects");
    try (RejectsFile rejects = new RejectsFile(file, 0, 10)) {
      ProblemException full =
          assertThrows(
              ProblemException.class, () -> rejects.add(new InvalidRecord(1, "wrong", "x")));
      assertTrue(full.getMessage().contains(file.toString()), full.getMessage());
    }
  }
}
