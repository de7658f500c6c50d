package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.admission.Admission;
import dev.canvas.data.admission.FakeClock;
import dev.canvas.data.admission.Kind;
import dev.canvas.media.Change;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteAdmissionTest {

  private final FakeClock clock = new FakeClock();
  private final Admission gates = clock.admission(new SimpleMeterRegistry());
  private final WriteAdmission admission = new WriteAdmission(gates);

  /** Writes of different products, as many as there are places. */
  private final List<PendingWrite> first = new ArrayList<>();

  @Test
  void beyondTheLimitTheWriteOfAnotherProductIsRefusedAtOnce() {
    fill();
    assertEquals(gates.gate(Kind.WRITE).limit(), first.size());
    assertRefused(write(-1));
  }

  @Test
  void aWriteBehindAnotherOfItsProductNeedsNoPlace() {
    fill();
    for (int i = 1; i < 64; i++) {
      assertTrue(admission.admit(of(first.get(0).productId().value())));
    }
    assertRefused(of(first.get(0).productId().value()));
  }

  @Test
  void aPlaceIsFreeWhenTheLastWriteOfItsProductIsMade() {
    fill();
    PendingWrite behind = of(first.get(0).productId().value());
    assertTrue(admission.admit(behind));
    admission.leave(first.get(0));
    assertRefused(write(-1));
    admission.leave(behind);
    assertTrue(admission.admit(write(-1)));
  }

  @Test
  void aWriteThatIsRetriedKeepsItsPlace() {
    fill();
    admission.enter(first.get(0));
    admission.leave(first.get(0));
    assertRefused(write(-1));
    admission.leave(first.get(0));
    assertTrue(admission.admit(write(-1)));
  }

  @Test
  void aChangeOfABulkNeedsNoPlace() {
    fill();
    PendingWrite single = write(-1);
    admission.restartWait(single);
    admission.enter(single);
    assertFalse(admission.refuseIfLate(single));
    admission.leave(single);
    assertRefused(write(-1));
  }

  @Test
  void aWriteMayWaitForTwoSecondsInWhichTheLoopCouldMakeIt() {
    PendingWrite write = write(0);
    admission.admit(write);
    // Turns of the loop, not time, so a minute that passes in one turn is one turn.
    clock.turn(60_000, 0);
    assertFalse(admission.refuseIfLate(write));
    clock.pass(1_900);
    assertFalse(admission.refuseIfLate(write));
    clock.pass(300);
    assertTrue(admission.refuseIfLate(write));
    assertUnavailable(write);
  }

  private void fill() {
    for (PendingWrite next = write(0); admission.admit(next); next = write(first.size())) {
      first.add(next);
    }
  }

  private void assertRefused(PendingWrite write) {
    assertFalse(admission.admit(write));
    assertUnavailable(write);
  }

  private static void assertUnavailable(PendingWrite write) {
    ProblemException refusal = (ProblemException) write.answer().future().cause();
    assertEquals(Problem.UNAVAILABLE, refusal.problem());
  }

  private static PendingWrite write(int number) {
    return of(1_000 + number);
  }

  private static PendingWrite of(long productId) {
    return new PendingWrite(new Change.Delete(new ProductId(productId), Precondition.NONE));
  }
}
