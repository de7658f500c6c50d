package dev.canvas.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.seed.source.GeneratedSource;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.Target;
import org.junit.jupiter.api.Test;

/** Measuring the progress of a run. */
class ProgressMeterTest {

  @Test
  void theRateOfAResumedLoadCountsOnlyWhatThisProcessLoaded() {
    ProductSource source = new GeneratedSource(false, 1, 1, 10, 5, chunk -> false);
    ProgressMeter meter = new ProgressMeter(7, source, new Target.Tally(1_000_000_000_000L, 3, 9));
    for (int i = 0; i < 10; i++) {
      meter.loaded(20);
    }
    meter.enter(SeedProgress.Phase.DONE);
    SeedProgress done = meter.progress();
    assertEquals(1_000_000_000_010L, done.loaded());
    assertEquals(209, done.bytes());
    assertEquals(3, done.rejected());
    assertTrue(done.perSecond() < 1_000_000_000L, done.perSecond() + " products/s");
  }
}
