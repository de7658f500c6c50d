package dev.canvas.bus;

import dev.canvas.media.Outcome;
import java.util.List;

/** The answer to a {@link ChangeBatch}, each outcome at its change's place. Immutable. */
record Outcomes(List<Outcome> values) {
  Outcomes {
    values = List.copyOf(values);
  }
}
