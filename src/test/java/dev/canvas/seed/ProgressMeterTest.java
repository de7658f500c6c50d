package dev.canvas.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.seed.source.GeneratedItems;
import dev.canvas.seed.source.GeneratedSource;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.source.SampleCatalogue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far a run is. */
class ProgressMeterTest {

  @Test
  void theRateOfALoadThatGoesOnIsOfWhatItLoadedItself() {
    ProductSource source =
        new GeneratedSource(
            List.of(), new GeneratedItems(SampleCatalogue.read(), 1), 1, 10, 5, chunk -> false);
    ProgressMeter meter = new ProgressMeter(7, source, new Tally(1_000_000_000_000L, 3, 9));
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
