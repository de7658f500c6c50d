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
 * overload. How many may wait is bounded, and so is the time. A place is held until the commit and
 * not until the answer, which waits for more while Redis is away.
 *
 * <p>Belongs to one event loop.
 */
final class WriteAdmission {

  /** The most writes of a product that are not made yet. */
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

  /** The writes of a product that are not made yet. */
  private static final class Line {

    /** Null for changes of a bulk import, which have been admitted with it. */
    private final Gate.Place place;

    private int writes;
    private boolean measured;

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
    Line line = lines.get(write.productId());
    if (line == null) {
      Gate.Place place = gate.enter();
      if (place == null) {
        write.answer().fail(gate.refuseFull());
        return false;
      }
      lines.put(write.productId(), new Line(place));
    } else if (line.writes >= MAX_OF_PRODUCT || behind >= MAX_BEHIND) {
      write.answer().fail(gate.refuseFull());
      return false;
    }
    restartWait(write);
    enter(write);
    return true;
  }

  /** Lets a write wait from now on. */
  void restartWait(PendingWrite write) {
    write.waitSince(admission.turns());
  }

  /** Lets a write wait that has been admitted, beside what it has done so far. */
  void enter(PendingWrite write) {
    Line line = lines.computeIfAbsent(write.productId(), first -> new Line(null));
    if (line.writes++ > 0) {
      behind++;
    }
  }

  /** Refuses a write that has waited for too long; tells whether it did. */
  boolean refuseIfLate(PendingWrite write) {
    if (admission.turns() - write.waitsSince() <= MAX_TURNS) {
      return false;
    }
    write.answer().fail(gate.refuseLate());
    leave(write);
    return true;
  }

  /** Ends one attempt of a write, which may have entered again meanwhile. */
  void leave(PendingWrite write) {
    Line line = lines.get(write.productId());
    if (line.place != null && !line.measured && !write.answer().future().failed()) {
      line.measured = true;
      line.place.answered();
    }
    line.writes--;
    if (line.writes > 0) {
      behind--;
      return;
    }
    lines.remove(write.productId());
    if (line.place != null) {
      line.place.leave();
    }
  }
}
