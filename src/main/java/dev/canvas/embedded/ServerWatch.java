package dev.canvas.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts a server again when it has ended by itself, and says so. The first start is immediate;
 * before each further one it waits twice as long. A server that ends again and again is given up.
 * Has a thread of its own until it is closed. Thread-safe.
 */
final class ServerWatch implements AutoCloseable {

  private static final long POLL_MILLIS = 200;

  /** Before the second start in a row. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** How often a server is started again in a row. */
  private static final int STARTS = 5;

  /** A server that has run for so long has not ended for the reason for which it ended before. */
  private static final Duration STEADY = Duration.ofMinutes(1);

  /** How much of its log is shown. */
  private static final int LOG_LINES = 3;

  private final LoopbackServer server;
  private final Duration pause;
  private final Consumer<String> screen;
  private final Thread thread;

  private ServerWatch(LoopbackServer server, Duration pause, Consumer<String> screen) {
    this.server = server;
    this.pause = pause;
    this.screen = screen;
    this.thread = new Thread(this::run, "canvas-watch-" + server.name());
    thread.setDaemon(true);
  }

  /**
   * Begins to watch a running server.
   *
   * @param screen receives lines for the user
   */
  static ServerWatch of(LoopbackServer server, Consumer<String> screen) {
    return of(server, PAUSE, screen);
  }

  static ServerWatch of(LoopbackServer server, Duration pause, Consumer<String> screen) {
    ServerWatch watch = new ServerWatch(server, pause, screen);
    watch.thread.start();
    return watch;
  }

  /** Watches no longer; interrupts a start. The server itself is left as it is. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    long startedNanos = System.nanoTime();
    int starts = 0;
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        if (server.isRunning()) {
          continue;
        }
        if (Thread.interrupted()) {
          return; // It ended because it was closed.
        }
        if (System.nanoTime() - startedNanos > STEADY.toNanos()) {
          starts = 0;
        }
        sayHowItEnded();
        if (starts == STARTS) {
          sayThatItIsGivenUp();
          return;
        }
        if (starts > 0) {
          TimeUnit.NANOSECONDS.sleep(pause.toNanos() << (starts - 1));
        }
        starts++;
        if (!startAgain()) {
          return;
        }
        startedNanos = System.nanoTime();
      }
    } catch (InterruptedException closed) {
      // The thread ends.
    }
  }

  /** Returns whether to watch on. */
  private boolean startAgain() {
    try {
      if (!server.startAgain()) {
        return false;
      }
      screen.accept("%s runs again, as process %d".formatted(server.name(), server.pid()));
    } catch (EmbeddedServersException failure) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      screen.accept(failure.getMessage());
    }
    return true;
  }

  private void sayHowItEnded() {
    screen.accept("%s does not run any more (process %d)".formatted(server.name(), server.pid()));
    List<String> lines = server.log().lastLines(LOG_LINES);
    if (!lines.isEmpty()) {
      screen.accept("its log %s ends with:".formatted(server.log().file()));
      lines.forEach(line -> screen.accept("  " + line.strip()));
    }
  }

  private void sayThatItIsGivenUp() {
    screen.accept(
        ("%s was started %d times in a row and did not stay. It is not started again, and Canvas goes"
                + " on without it. Look into %s, mend the cause (often memory or disk space), then"
                + " stop Canvas with Ctrl-C and start it again")
            .formatted(server.name(), STARTS, server.log().file()));
  }
}
