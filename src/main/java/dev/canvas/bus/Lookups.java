package dev.canvas.bus;

import dev.canvas.media.Lookup;
import java.util.List;

/** The answer to a batch or a page. Immutable. */
record Lookups(List<Lookup> values) {
  Lookups {
    values = List.copyOf(values);
  }
}
