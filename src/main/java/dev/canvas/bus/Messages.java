package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import java.util.List;

/**
 * The messages between the verticles of Canvas for which the kernel has no type of its own. All are
 * immutable. The simple name of a message names its codec, so all nodes must agree on it.
 */
final class Messages {

  private Messages() {}

  /** Requests a batch of products. */
  record ProductIds(List<ProductId> values) {
    ProductIds {
      values = List.copyOf(values);
    }
  }

  /** Requests a page of the catalogue. */
  record PageRequest(ProductId from, int limit) {}

  /** Answers a {@link ProductIds} or a {@link PageRequest}. */
  record Lookups(List<Lookup> values) {
    Lookups {
      values = List.copyOf(values);
    }
  }

  /**
   * Requests one change. One record for all kinds of change, because a codec belongs to one class.
   */
  record WriteRequest(Change change) {}

  /** Requests the changes of a bulk, each of a different product. */
  record ChangeBatch(List<Change> changes) {
    ChangeBatch {
      changes = List.copyOf(changes);
    }
  }

  /** Answers a {@link ChangeBatch}, in its order. */
  record Outcomes(List<Outcome> values) {
    Outcomes {
      values = List.copyOf(values);
    }
  }
}
