package dev.canvas.app.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where a command says how far it is: one line that changes where there is a terminal, else a line
 * every few seconds. Thread-safe.
 */
final class StatusLine {

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration BLINK = Duration.ofMillis(200);

  /** Back to the left, all cleared, and what does not fit is cut off instead of a second line. */
  private static final String BEGIN = "\r\u001b[K\u001b[?7l";

  private static final String END = "\u001b[?7h";

  private final Consumer<String> lines;
  private final PrintWriter terminal;
  private long toldNanos = System.nanoTime();
  private boolean open;

  private StatusLine(Consumer<String> lines, PrintWriter terminal) {
    this.lines = lines;
    this.terminal = terminal;
  }

  /**
   * @param terminal whether the line may change
   */
  static StatusLine of(PrintWriter out, boolean terminal) {
    return new StatusLine(
        line -> {
          out.println(line);
          out.flush();
        },
        terminal ? out : null);
  }

  /** Of lines alone. */
  static StatusLine lines(Consumer<String> lines) {
    return new StatusLine(lines, null);
  }

  /** Whether standard output is a terminal: the launcher knows, as JVMs do not agree on it. */
  static boolean isTerminal() {
    return Boolean.getBoolean("canvas.terminal");
  }

  /**
   * Shows how far it is now, if it is time for that.
   *
   * @param news whether it is time in any case
   */
  synchronized void show(String text, boolean news) {
    long now = System.nanoTime();
    Duration pause = terminal == null ? INTERVAL : BLINK;
    if (!news && now - toldNanos < pause.toNanos()) {
      return;
    }
    toldNanos = now;
    if (terminal == null) {
      lines.accept(text);
    } else {
      terminal.print(BEGIN + text + END);
      terminal.flush();
      open = true;
    }
  }

  /** Says something that stays. */
  synchronized void line(String text) {
    if (open) {
      terminal.println();
      open = false;
    }
    lines.accept(text);
  }
}
