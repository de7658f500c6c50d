package dev.canvas.app.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Prints the progress of a command: a single line that is updated in a terminal, or else a new line
 * every few seconds. Thread-safe.
 */
final class StatusLine {

  private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(200);

  /** Returns to the left, clears the line, and turns wrapping off so that long text is cut. */
  private static final String BEGIN = "\r\u001b[K\u001b[?7l";

  /** Turns wrapping on again. */
  private static final String END = "\u001b[?7h";

  private final Consumer<String> lines;
  private final PrintWriter terminal;
  private long shownNanos = System.nanoTime();
  private boolean open;

  private StatusLine(Consumer<String> lines, PrintWriter terminal) {
    this.lines = lines;
    this.terminal = terminal;
  }

  /**
   * Prints to a writer.
   *
   * @param terminal whether the writer is a terminal, whose line can be updated
   */
  static StatusLine of(PrintWriter out, boolean terminal) {
    return new StatusLine(
        line -> {
          out.println(line);
          out.flush();
        },
        terminal ? out : null);
  }

  /** Passes whole lines to a consumer. */
  static StatusLine lines(Consumer<String> lines) {
    return new StatusLine(lines, null);
  }

  /**
   * Whether standard output is a terminal, as the launcher reports; JVMs differ in detecting it.
   */
  static boolean isTerminal() {
    return Boolean.getBoolean("canvas.terminal");
  }

  /**
   * Shows the progress, unless the last update was too recent.
   *
   * @param force shows it in any case
   */
  synchronized void show(String text, boolean force) {
    long now = System.nanoTime();
    Duration interval = terminal == null ? LINE_INTERVAL : TERMINAL_INTERVAL;
    if (!force && now - shownNanos < interval.toNanos()) {
      return;
    }
    shownNanos = now;
    if (terminal == null) {
      lines.accept(text);
    } else {
      terminal.print(BEGIN + text + END);
      terminal.flush();
      open = true;
    }
  }

  /** Prints a line that is not updated. */
  synchronized void line(String text) {
    if (open) {
      terminal.println();
      open = false;
    }
    lines.accept(text);
  }
}
