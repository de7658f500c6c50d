package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.TestDatabase;
import java.time.Duration;

/**
 * A backup that is restored under running nodes and warm caches: a copy is made when the fault
 * begins, and takes the place of the database when it ends. Used by one thread.
 */
final class DatabaseRestore {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SETTLED = "select store_is_known() and not settling from catalogue";

  private final TestDatabase database;
  private final Recorder recorder;
  private long copyBegan;
  private long copied;

  DatabaseRestore(TestDatabase database, Recorder recorder) {
    this.database = database;
    this.recorder = recorder;
  }

  Fault fault() {
    return Fault.of("postgres-restored", Victim.POSTGRES, this::copy, this::restore);
  }

  private void copy() {
    copyBegan = recorder.now();
    database.copy();
    copied = recorder.now();
  }

  private void restore() {
    long began = recorder.now();
    database.restoreCopy();
    await().atMost(SOON).until(() -> "t".equals(database.query(SETTLED)));
    recorder.add(new Restore(copyBegan, copied, began, recorder.now()));
  }
}
