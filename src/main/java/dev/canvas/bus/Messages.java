package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import java.util.List;

/**
 * The messages between the verticles of Canvas for which the kernel has no type of its own. All are
 * immutable. The simple name of a message names its codec, so all nodes must agree on it.
 */
final class Messages {

  private Messages() {}

  /**
   * Requests reads that have nothing to do with each other. They have consecutive numbers.
   *
   * @param replyTo the address for answers that are not in the reply
   * @param first the number of the first one
   */
  record Reads(String replyTo, long first, List<ProductId> productIds) {
    Reads {
      productIds = List.copyOf(productIds);
    }
  }

  /** Answers to some of the {@link Reads} of a loop. */
  record Answers(List<Found> found, List<Failed> failed) {
    Answers {
      found = List.copyOf(found);
      failed = List.copyOf(failed);
    }
  }

  /** The answer to the read with a number. */
  record Found(long number, Lookup lookup) {}

  /** Why the read with a number was not answered. */
  record Failed(long number, ProblemException problem) {}

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
