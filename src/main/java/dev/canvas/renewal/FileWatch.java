package dev.canvas.renewal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Reads files again every two seconds, so that what is changed in them applies without a restart.
 * What was read last stays in use while they cannot be read or hold nothing usable.
 *
 * <p>Contents are compared, and not names or times, so files may be written over, replaced by
 * another, or changed by a symbolic link to their directory, as Kubernetes does. Nothing of what
 * they hold is logged. Thread-safe; reads and applies on a worker thread, one at a time.
 *
 * @param <T> what the files hold, with an {@code equals} that tells changes
 */
public final class FileWatch<T> {

  private static final Logger LOG = Logger.getLogger(FileWatch.class);

  private static final long EVERY_MS = 2_000;

  /** A file may be half written, or its companion may be missing, at the first time. */
  private static final int TOLD_AT = 2;

  /** How long it may take until what has changed applies. */
  private static final long APPLY_SECONDS = 10;

  /** Takes over what the files hold now. */
  @FunctionalInterface
  public interface Application<T> {
    /**
     * Takes it over, or changes nothing and fails.
     *
     * @return completes when it applies
     * @throws Exception if it is not usable; its message says why, without a secret
     */
    Future<?> apply(T now) throws Exception;
  }

  private final String what;
  private final Callable<T> reader;
  private final Application<T> application;
  private final AtomicBoolean reading = new AtomicBoolean();
  private T applied;
  private int failures;

  /** The last reason that was logged; null if there is nothing to correct. */
  private String told;

  private FileWatch(String what, T applied, Callable<T> reader, Application<T> application) {
    this.what = what;
    this.applied = applied;
    this.reader = reader;
    this.application = application;
  }

  /**
   * Begins to read files again. It ends with the verticle that begins it, or else with the Vert.x.
   *
   * @param what begins the sentences of the log, such as {@code The keys of auth.keys}: a plural
   * @param applied what has been read and is in use
   * @param reader reads the files; the message of its failure says why, without a secret
   * @param application takes over what has changed
   */
  public static <T> void start(
      Vertx vertx, String what, T applied, Callable<T> reader, Application<T> application) {
    FileWatch<T> watch = new FileWatch<>(what, applied, reader, application);
    vertx.setPeriodic(EVERY_MS, tick -> watch.lookOn(vertx));
  }

  private void lookOn(Vertx vertx) {
    // A file system that hangs would have the looks wait in a queue.
    if (reading.compareAndSet(false, true)) {
      try {
        vertx
            .executeBlocking(
                () -> {
                  look();
                  return null;
                },
                false)
            .onComplete(looked -> reading.set(false));
      } catch (RejectedExecutionException closing) {
        // The worker threads of a Vert.x end before its timers do.
      }
    }
  }

  private void look() {
    try {
      T now = reader.call();
      if (!now.equals(applied)) {
        application
            .apply(now)
            .toCompletionStage()
            .toCompletableFuture()
            .get(APPLY_SECONDS, TimeUnit.SECONDS);
        applied = now;
        LOG.infof("%s have changed, and apply from now on", what);
      }
      if (failures >= TOLD_AT) {
        LOG.infof("%s can be read again", what);
      }
      failures = 0;
      told = null;
    } catch (Exception failure) {
      failures++;
      String reason = reason(failure);
      if (failures >= TOLD_AT && !reason.equals(told)) {
        told = reason;
        LOG.warnf(
            "%s cannot be read again (%s); the last ones stay in use until that is corrected",
            what, reason);
      }
    }
  }

  /** The message of a failed access to a file may be nothing but the name of the file. */
  private static String reason(Exception failure) {
    if (failure instanceof FileSystemException file) {
      return "%s: %s"
          .formatted(
              file.getFile(),
              file.getReason() == null ? file.getClass().getSimpleName() : file.getReason());
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
