package dev.canvas.app;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Tells how far a load is, every second or so and at its end. Not thread-safe. */
final class LoadProgress implements LongConsumer {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final long total;
  private final Consumer<String> line;
  private final long began = System.nanoTime();
  private long told = began;

  LoadProgress(long total, Consumer<String> line) {
    this.total = total;
    this.line = line;
  }

  @Override
  public void accept(long loaded) {
    long now = System.nanoTime();
    if (now - told < INTERVAL_NANOS && loaded < total) {
      return;
    }
    told = now;
    double seconds = (now - began) / 1e9;
    line.accept(
        String.format(
            Locale.ROOT,
            "generated products: %,d of %,d (%d%%), %.0f s",
            loaded,
            total,
            100 * loaded / total,
            seconds));
  }
}
