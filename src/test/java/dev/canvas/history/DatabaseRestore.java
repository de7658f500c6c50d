package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.TestDatabase;
import java.time.Duration;

/**
 * An earlier state that takes the place of the database under running nodes and warm caches: a copy
 * is made when the fault begins, and replaces the database when it ends. It is a restored backup,
 * or a standby that lags and is promoted. Used by one thread.
 */
final class DatabaseRestore {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SETTLED =
      "select store_is_known() and not settling and not pg_is_in_recovery() from catalogue";

  private final TestDatabase database;
  private final Recorder recorder;
  private long copyBegan;
  private long copied;

  DatabaseRestore(TestDatabase database, Recorder recorder) {
    this.database = database;
    this.recorder = recorder;
  }

  Fault ofBackup() {
    return fault("postgres-restored", database::copy, database::restoreCopy);
  }

  Fault of(LaggingStandby standby) {
    return fault("postgres-promoted", standby::follow, standby::promote);
  }

  private Fault fault(String name, Runnable copy, Runnable replace) {
    return Fault.of(name, Victim.POSTGRES, () -> copy(copy), () -> restore(replace));
  }

  private void copy(Runnable copy) {
    copyBegan = recorder.now();
    copy.run();
    copied = recorder.now();
  }

  private void restore(Runnable replace) {
    long began = recorder.now();
    replace.run();
    await()
        .atMost(SOON)
        .ignoreExceptionsMatching(IllegalStateException.class::isInstance)
        .until(() -> "t".equals(database.query(SETTLED)));
    recorder.add(new Restore(copyBegan, copied, began, recorder.now()));
  }
}
