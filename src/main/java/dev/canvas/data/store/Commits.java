package dev.canvas.data.store;

import io.vertx.core.Future;
import java.util.List;

/**
 * What has been committed since a moment, for a node that may not have been told. Belongs to one
 * event loop.
 */
public interface Commits {

  /**
   * A moment in the order of commits. Immutable.
   *
   * @param position after which later commits are found
   * @param lastMessage the last message that waited for the relay then
   * @param lastVersion a number that grows with every change
   */
  record Moment(String position, long lastMessage, long lastVersion) {}

  /**
   * A part of what has been committed.
   *
   * @param changes each with the newest state of its product
   * @param next where the next part begins; null after the last one
   */
  record Page(List<Outbox.Message> changes, String next) {

    /** Copies the list. */
    public Page {
      changes = List.copyOf(changes);
    }
  }

  /** The present moment. */
  Future<Moment> now();

  /** Whether the relay has relayed everything that had been committed at a moment. */
  Future<Boolean> isRelayed(Moment moment);

  /**
   * Reads changes that were committed after a moment, and perhaps some from before.
   *
   * @param next of the page before; null for the first page
   */
  Future<Page> after(Moment moment, String next);
}
