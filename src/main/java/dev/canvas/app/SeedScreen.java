package dev.canvas.app;

import dev.canvas.seed.SeedProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows how far a load is: one line that changes where there is a terminal, else a line every few
 * seconds and with each phase. Thread-safe.
 */
final class SeedScreen {

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final int WIDTH = 110;

  private final Consumer<String> lines;
  private final PrintWriter terminal;
  private long toldNanos = System.nanoTime() - INTERVAL.toNanos();
  private SeedProgress.Phase toldPhase = SeedProgress.Phase.IDLE;

  private SeedScreen(Consumer<String> lines, PrintWriter terminal) {
    this.lines = lines;
    this.terminal = terminal;
  }

  /** A screen that is a terminal, or is not; the launcher knows, as JVMs do not agree on it. */
  static SeedScreen of(PrintWriter out) {
    return new SeedScreen(
        line -> {
          out.println(line);
          out.flush();
        },
        Boolean.getBoolean("canvas.terminal") ? out : null);
  }

  /** A screen of lines alone. */
  static SeedScreen lines(Consumer<String> lines) {
    return new SeedScreen(lines, null);
  }

  synchronized void show(SeedProgress progress) {
    if (progress.phase().isOver()) {
      return;
    }
    if (terminal != null) {
      String text = text(progress);
      terminal.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
      terminal.flush();
      return;
    }
    long now = System.nanoTime();
    if (progress.phase() != toldPhase || now - toldNanos >= INTERVAL.toNanos()) {
      toldNanos = now;
      toldPhase = progress.phase();
      line(text(progress));
    }
  }

  /** The last line. */
  synchronized void end(SeedProgress last) {
    if (terminal != null) {
      terminal.println();
    }
    double seconds = last.elapsedMs() / 1_000.0;
    switch (last.phase()) {
      case DONE ->
          line(
              String.format(
                  Locale.ROOT,
                  "Done: %,d products, %s, %,d rejected, in %.1f s (%,d products/s)",
                  last.loaded(),
                  megabytes(last.bytes()),
                  last.rejected(),
                  seconds,
                  Math.round(last.loaded() / Math.max(0.001, seconds))));
      case CANCELLED -> line("Cancelled; ./canvas seed --resume goes on");
      default ->
          line(
              "Failed: "
                  + last.detail()
                  + "\nWhat was loaded stays: ./canvas seed --resume goes on");
    }
  }

  synchronized void line(String text) {
    lines.accept(text);
  }

  private static String text(SeedProgress progress) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-9s  %,d",
            progress.phase().name().toLowerCase(Locale.ROOT),
            progress.loaded()));
    if (progress.total() >= 0) {
      text.append(String.format(Locale.ROOT, " of %,d", progress.total()));
    }
    if (progress.share() >= 0) {
      text.append(String.format(Locale.ROOT, " (%.1f%%)", 100 * progress.share()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "  %,d/s  %s  %,d rejected  %s",
            progress.perSecond(),
            megabytes(progress.bytes()),
            progress.rejected(),
            time(progress.elapsedMs())));
    if (progress.etaMs() >= 0) {
      text.append(", ").append(time(progress.etaMs())).append(" left");
    }
    return text.toString();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }

  private static String time(long ms) {
    long seconds = ms / 1_000;
    return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
  }
}
