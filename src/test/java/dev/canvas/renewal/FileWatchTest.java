package dev.canvas.renewal;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.LogOf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are changed in all the ways in which operators and platforms do it. */
class FileWatchTest {

  @TempDir private Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> applied = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aFileIsWrittenOverOrReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    watch(file, "one");
    Files.writeString(file, "two");
    await().until(() -> applied.equals(List.of("two")));
    replace(file, "three");
    await().until(() -> applied.equals(List.of("two", "three")));
  }

  @Test
  void aChangeCountsThatLeavesLengthAndTimeAsTheyWere() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    watch(file, "one");
    Path next = Files.writeString(directory.resolve("next"), "two");
    Files.setLastModifiedTime(next, time);
    Files.move(next, file, ATOMIC_MOVE);
    await().until(() -> applied.equals(List.of("two")));
  }

  /** As Kubernetes updates the files of a secret. */
  @Test
  void aSymbolicLinkToTheDirectoryIsSwapped() throws IOException {
    Files.writeString(Files.createDirectory(directory.resolve("..1")).resolve("file"), "one");
    Files.writeString(Files.createDirectory(directory.resolve("..2")).resolve("file"), "two");
    Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
    Path file = Files.createSymbolicLink(directory.resolve("file"), Path.of("..data/file"));
    watch(file, "one");
    Path swapped = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
    Files.move(swapped, data, ATOMIC_MOVE);
    await().until(() -> applied.equals(List.of("two")));
  }

  @Test
  void whatCannotBeReadIsToldOnceAndChangesNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    try (LogOf log = new LogOf(FileWatch.class)) {
      watch(file, "one");
      Files.delete(file);
      await().until(() -> log.has("cannot be read"));
      replace(file, "one");
      await().until(() -> log.has("can be read again"));
      assertEquals(List.of(), applied);
      replace(file, "unusable");
      await().until(() -> log.lines().size() > 2);
      replace(file, "two");
      await().until(() -> log.lines().size() > 4);
      assertEquals(List.of("two"), applied);
      assertEquals(
          List.of(
              "WARN The words cannot be read again (%s: NoSuchFileException); the last ones stay in use until that is corrected"
                  .formatted(file),
              "INFO The words can be read again",
              "WARN The words cannot be read again (they are unusable); the last ones stay in use until that is corrected",
              "INFO The words have changed, and apply from now on",
              "INFO The words can be read again"),
          log.lines());
    }
  }

  @Test
  void aChangeThatFailsWhileItIsTakenOverIsToldAndTriedAgain() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    AtomicReference<Future<?>> outcome = new AtomicReference<>(Future.failedFuture("not now"));
    try (LogOf log = new LogOf(FileWatch.class)) {
      FileWatch.start(
          vertx, "The words", "one", () -> Files.readString(file), now -> outcome.get());
      replace(file, "two");
      await().until(() -> log.has("not now"));
      assertFalse(log.has("have changed"));
      outcome.set(Future.succeededFuture());
      await().until(() -> log.has("have changed"));
    }
  }

  @Test
  void noEventLoopIsUsed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "one");
    List<String> threads = new CopyOnWriteArrayList<>();
    FileWatch.start(
        vertx,
        "The words",
        "one",
        () -> {
          threads.add(Thread.currentThread().getName());
          return Files.readString(file);
        },
        now -> {
          threads.add(Thread.currentThread().getName());
          return Future.succeededFuture();
        });
    replace(file, "two");
    await().until(() -> threads.size() > 1);
    assertTrue(threads.stream().allMatch(name -> name.startsWith("vert.x-worker")), "" + threads);
  }

  private void replace(Path file, String text) throws IOException {
    Files.move(Files.writeString(directory.resolve("next"), text), file, ATOMIC_MOVE);
  }

  private void watch(Path file, String known) {
    FileWatch.start(
        vertx,
        "The words",
        known,
        () -> Files.readString(file),
        now -> {
          if (now.equals("unusable")) {
            throw new IllegalArgumentException("they are unusable");
          }
          // A file that is written over is empty for a moment.
          if (!now.isEmpty()) {
            applied.add(now);
          }
          return Future.succeededFuture();
        });
  }
}
