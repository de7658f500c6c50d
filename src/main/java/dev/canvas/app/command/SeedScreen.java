package dev.canvas.app.command;

import dev.canvas.seed.target.SeedProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints the progress of a load. Thread-safe. */
final class SeedScreen {

  private final StatusLine status;
  private SeedProgress.Phase shownPhase = SeedProgress.Phase.IDLE;

  private SeedScreen(StatusLine status) {
    this.status = status;
  }

  static SeedScreen of(PrintWriter out) {
    return new SeedScreen(StatusLine.of(out, StatusLine.isTerminal()));
  }

  /** Creates a screen that only prints lines. */
  static SeedScreen lines(Consumer<String> lines) {
    return new SeedScreen(StatusLine.lines(lines));
  }

  synchronized void show(SeedProgress progress) {
    if (!progress.phase().isOver()) {
      status.show(text(progress), progress.phase() != shownPhase);
      shownPhase = progress.phase();
    }
  }

  /**
   * Prints the outcome.
   *
   * @param rejectsFile null if it is unknown
   */
  void end(SeedProgress last, String rejectsFile) {
    switch (last.phase()) {
      case DONE -> {
        line(done(last));
        if (!last.detail().isEmpty()) {
          line(last.detail());
        }
      }
      case CANCELLED -> line("Cancelled; ./canvas seed --resume continues the load");
      default ->
          line(
              "Failed: "
                  + last.detail()
                  + "\nThe loaded products are kept; ./canvas seed --resume continues the load");
    }
    if (last.rejected() > 0 && rejectsFile != null) {
      line("See " + rejectsFile + " for the invalid records (the first 100)");
    }
  }

  void line(String text) {
    status.line(text);
  }

  private static String done(SeedProgress last) {
    return String.format(
        Locale.ROOT,
        "Done: %,d products, %s, %,d rejected, in %.1f s (%,d products/s)",
        last.loaded(),
        megabytes(last.bytes()),
        last.rejected(),
        last.elapsedMs() / 1_000.0,
        last.perSecond());
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
