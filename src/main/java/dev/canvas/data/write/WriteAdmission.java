package dev.canvas.data.write;

import dev.canvas.data.admission.Admission;
import dev.canvas.data.admission.Gate;
import dev.canvas.data.admission.Kind;
import dev.canvas.media.ProductId;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which writes are taken on. The place in the gate belongs to a product: its writes are
 * made one after another, so those that wait for each other are a property of the caller and no
 * overload. How many may wait is bounded, and so is the time.
 *
 * <p>Belongs to one event loop.
 */
final class WriteAdmission {

  /** The most unanswered writes of a product. */
  private static final int MAX_OF_PRODUCT = 64;

  /** The most writes that are behind another of their product. */
  private static final int MAX_BEHIND = 1_024;

  /**
   * The longest that a write may wait to be prepared, in turns of 50 ms or more: less than its
   * caller waits, who counts in the same way.
   */
  private static final int MAX_TURNS = 40;

  private final Admission admission;
  private final Gate gate;
  private final Map<ProductId, Line> lines = new HashMap<>();
  private int behind;

  /** The unanswered writes of a product. */
  private static final class Line {

    private final Gate.Place place;
    private int writes;

    Line(Gate.Place place) {
      this.place = place;
    }
  }

  WriteAdmission(Admission admission) {
    this.admission = admission;
    this.gate = admission.gate(Kind.WRITE);
  }

  /** Whether a write may wait to be made; otherwise it is refused. */
  boolean admit(PendingWrite write) {
    restartWait(write);
    Line line = lines.get(write.productId());
    if (line == null) {
      Gate.Place place = gate.enter();
      if (place == null) {
        write.answer().fail(gate.refuseFull());
        return false;
      }
      line = new Line(place);
      lines.put(write.productId(), line);
      write.answer().future().onSuccess(first -> place.answered());
    } else if (line.writes >= MAX_OF_PRODUCT || behind >= MAX_BEHIND) {
      write.answer().fail(gate.refuseFull());
      return false;
    } else {
      behind++;
    }
    line.writes++;
    write.answer().future().onComplete(answered -> leave(write.productId()));
    return true;
  }

  /** Lets a write wait from now on. */
  void restartWait(PendingWrite write) {
    write.waitSince(admission.turns());
  }

  /** Refuses a write that has waited for too long; tells whether it did. */
  boolean refuseIfLate(PendingWrite write) {
    if (admission.turns() - write.waitsSince() <= MAX_TURNS) {
      return false;
    }
    write.answer().fail(gate.refuseLate());
    return true;
  }

  private void leave(ProductId productId) {
    Line line = lines.get(productId);
    line.writes--;
    if (line.writes > 0) {
      behind--;
    } else {
      lines.remove(productId);
      line.place.leave();
    }
  }
}
