package dev.canvas.bus;

import dev.canvas.media.Change;
import java.util.List;

/** The request for changes of a bulk, of different products. Immutable. */
record ChangeBatch(List<Change> changes) {
  ChangeBatch {
    changes = List.copyOf(changes);
  }
}
