package dev.canvas.history;

import static dev.canvas.history.Operation.NO_VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Minimal histories, some of which keep the promises and some of which break one. */
class CheckerTest {

  private static final Duration UNKNOWN_LIFE = Duration.ofNanos(1_000);
  private static final Duration LAG = Duration.ofNanos(50);
  private static final Duration RELAY = Duration.ofNanos(70);
  private static final Duration STOPPED = Duration.ofNanos(200);
  private static final long LATE = RELAY.plus(LAG).toNanos();

  private final HistoryBuilder history = new HistoryBuilder();
  private final List<SqlLag.Stop> stops = new ArrayList<>();
  private final List<Restore> restores = new ArrayList<>();

  @Test
  void aReadOfTheLatestConfirmedWriteIsRight() {
    history.write(1, 10, 0, 10).read(1, 10, 11, 12);
    history.write(2, 20, 13, 20).read(2, 20, 21, 22);
    assertNoViolation();
  }

  @Test
  void aReadOlderThanAConfirmedWriteIsStale() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20);
    history.by(2).read(1, 10, 21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void aReadDuringAWriteMayReturnEither() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 30);
    history.by(2).read(1, 10, 19, 25).by(3).read(2, 20, 21, 22).by(4).read(1, 10, 29, 40);
    assertNoViolation();
  }

  @Test
  void aReadThatBeginsAsAWriteEndsMayStillMissIt() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2).read(1, 10, 20, 22);
    assertNoViolation();
  }

  @Test
  void aClientMayNotReadBackwardsEvenDuringAWrite() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 90);
    history.by(2).read(2, 20, 30, 31).read(1, 10, 32, 33);
    assertViolations(Rule.BACKWARD);
  }

  @Test
  void anotherClientMayReadTheOlderValueUntilAWriteIsConfirmed() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 90);
    history.by(2).read(2, 20, 30, 31).by(3).read(1, 10, 32, 33);
    assertNoViolation();
  }

  @Test
  void aValueThatWasNeverWrittenIsFound() {
    history.write(1, 10, 0, 10).read(9, 10, 11, 12);
    assertViolations(Rule.TWO_VALUES, Rule.NEVER_WRITTEN);
  }

  @Test
  void aReadOfAValueBeforeItsWriteIsFound() {
    history.read(1, NO_VERSION, 1, 2).write(1, 10, 3, 10);
    assertViolations(Rule.NEVER_WRITTEN);
  }

  @Test
  void aFailedWriteIsNeverRead() {
    history.add(Kind.WRITE, 1, Outcome.FAILED, 0, 10).read(1, 10, 11, 12);
    assertViolations(Rule.FAILED_WRITE_READ);
  }

  @Test
  void aWriteWithAnUnknownOutcomeMayAppearLate() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(1, 10, 30, 31).read(2, 20, 40, 41).write(3, 30, 42, 50).read(3, 30, 51, 52);
    assertNoViolation();
  }

  @Test
  void aWriteWithAnUnknownOutcomeDoesNotDisappearAgain() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(2, 20, 40, 41).read(1, 10, 42, 43);
    assertViolations(Rule.BACKWARD);
  }

  @Test
  void aVersionBelowThatOfAnEarlierConfirmedWriteIsFound() {
    history.write(1, 20, 0, 10).write(2, 10, 11, 20);
    assertViolations(Rule.VERSION_ORDER);
  }

  @Test
  void aWriteThatTakesEffectTwiceIsFound() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).read(1, 30, 21, 22);
    assertViolations(Rule.TWO_VERSIONS);
  }

  @Test
  void twoWritesWithOneVersionAreFound() {
    history.write(1, 10, 0, 10).by(2).write(2, 10, 0, 10);
    assertViolations(Rule.TWO_VALUES);
  }

  @Test
  void aProductIsAbsentUntilItIsWritten() {
    history.readNothing(0, 1).write(1, 10, 2, 10).by(2).readNothing(5, 6).readNothing(9, 15);
    assertNoViolation();
  }

  @Test
  void anAbsenceAfterAConfirmedWriteIsStale() {
    history.write(1, 10, 2, 10).readNothing(11, 12);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteAndANewCreationAreSeenInTheirOrder() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).readNothing(21, 22);
    history.write(3, 30, 23, 30).read(3, 30, 31, 32);
    assertNoViolation();
  }

  @Test
  void mediaAfterAConfirmedDeleteAreStale() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).read(1, 10, 21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void anAbsenceThatEndedBeforeAConfirmedCreationIsStale() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).write(3, 30, 21, 30).readNothing(31, 32);
    assertViolations(Rule.STALE);
  }

  @Test
  void aClientDoesNotReadMediaAfterTheirAbsence() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 90);
    history.by(2).readNothing(20, 21).read(1, 10, 22, 23);
    assertViolations(Rule.BACKWARD);
  }

  @Test
  void aClientDoesNotReadTheAbsenceBeforeMediaItHasRead() {
    history.write(1, 10, 0, 90).by(2).read(1, 10, 20, 21).readNothing(22, 23);
    assertViolations(Rule.BACKWARD);
  }

  @Test
  void aDeleteWithAnUnknownOutcomeExplainsALaterAbsence() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(1, 10, 30, 31).readNothing(40, 41);
    assertNoViolation();
  }

  @Test
  void aDeleteThatFailedExplainsNothing() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.FAILED, 11, 20).readNothing(40, 41);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteThatBeganAfterAReadExplainsNothing() {
    history.write(1, 10, 0, 10).readNothing(11, 12).delete(2, 20, 13, 20);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteWithAnUnknownOutcomeDoesNotExplainAnAbsenceForEver() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.UNKNOWN, 11, 20);
    history.write(3, 30, 1_021, 1_030).readNothing(1_031, 1_032);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionComesAfterWritesConfirmedBeforeIt() {
    history.write(1, 10, 0, 10).delete(2, NO_VERSION, 11, 20).by(2).read(1, 10, 21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionComesBeforeWritesThatBeginAfterIt() {
    history.delete(2, NO_VERSION, 0, 10).write(1, 10, 11, 20).readNothing(21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionDuringAWriteMayBeTheLater() {
    history.write(1, 10, 0, 20).by(2).delete(2, NO_VERSION, 1, 21).readNothing(30, 31);
    assertNoViolation();
  }

  @Test
  void aReadWithoutVersionIsIdentifiedByItsValue() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).read(1, NO_VERSION, 21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void aWriteWithoutVersionIsStaleAfterOneThatBeganLater() {
    history.write(1, NO_VERSION, 0, 10).write(2, 20, 11, 20).read(1, NO_VERSION, 21, 22);
    assertViolations(Rule.STALE);
  }

  @Test
  void anotherNodeMayMissAWriteForTheLag() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2, 2).read(1, 10, 40, 41);
    assertNoViolation();
  }

  @Test
  void anotherNodeMayNotMissAWriteAfterTheLag() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2, 2).read(1, 10, 71, 72);
    assertViolations(Rule.STALE);
  }

  @Test
  void aConditionalWriteDirectlyFollowsTheValueItNames() {
    history.write(1, 10, 0, 10).replacing(1).write(2, 20, 11, 20);
    assertNoViolation();
    history.replacing(1).write(3, 30, 12, 30);
    assertViolations(Rule.LOST_UPDATE);
  }

  @Test
  void aConditionalWriteIsNotRefusedIfItsConditionHolds() {
    history.write(1, 10, 0, 10).replacing(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20);
    assertViolations(Rule.UNJUSTIFIED_REFUSAL);
  }

  @Test
  void anotherWriteThatMayHaveTakenEffectExplainsARefusal() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 3, Outcome.UNKNOWN, 15, 16);
    history.replacing(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20);
    assertNoViolation();
  }

  @Test
  void aRefusedWriteIsNeverRead() {
    history.write(1, 10, 0, 10).write(3, 30, 5, 12);
    history.replacing(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20).read(2, 40, 21, 22);
    assertViolations(Rule.FAILED_WRITE_READ);
  }

  @Test
  void aWriteBySqlMayBeMissedUntilItIsRelayed() {
    history.write(1, 10, 0, 10).by(3, Operation.DATABASE).write(2, 20, 11, 20);
    history.by(2).read(1, 10, 20 + LATE, 200);
    assertNoViolation();
    history.by(4).read(1, 10, 21 + LATE, 201);
    assertViolations(Rule.STALE);
  }

  @Test
  void aWriteBySqlMayBeMissedForLongerWhileAFaultStopsTheRelay() {
    history.write(1, 10, 0, 10).by(3, Operation.DATABASE).write(2, 20, 11, 20);
    history.by(2).read(1, 10, 21 + LATE, 200);
    stops.add(new SqlLag.Stop(80, 85));
    assertNoViolation();
    history.by(4).read(1, 10, 21 + STOPPED.plus(LAG).toNanos(), 300);
    assertViolations(Rule.STALE);
  }

  @Test
  void aRestoreMayLoseWhatWasConfirmedAfterTheCopy() {
    history.write(1, 10, 0, 10).write(2, 20, 31, 40).read(2, 20, 41, 42);
    restores.add(new Restore(20, 30, 100, 120));
    history.read(1, 10, 120, 121).write(3, 30, 122, 130).read(3, 30, 131, 132);
    assertNoViolation();
  }

  @Test
  void aRestoreMayNotLoseWhatWasConfirmedBeforeTheCopy() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 19).read(1, 10, 120, 121);
    restores.add(new Restore(20, 30, 100, 120));
    assertViolations(Rule.STALE);
  }

  @Test
  void whatIsUnderWayDuringTheCopyOrTheRestoreMayBeLost() {
    history.write(1, 10, 0, 10).write(2, 20, 15, 25).by(2).write(3, 30, 90, 105);
    restores.add(new Restore(20, 30, 100, 120));
    history.by(3).read(1, 10, 120, 121).read(2, 20, 122, 123).read(3, 40, 124, 125);
    assertNoViolation();
  }

  @Test
  void aLostWriteIsNotReadOnceTheRestoreHasSettled() {
    history.write(1, 10, 0, 10).write(2, 20, 31, 40).read(2, 20, 110, 115);
    restores.add(new Restore(20, 30, 100, 120));
    assertNoViolation();
    history.read(2, 20, 121, 122);
    assertViolations(Rule.NEVER_WRITTEN);
  }

  @Test
  void aVersionOfALostWriteIsNotGivenAgain() {
    history.write(1, 10, 0, 10).write(2, 20, 31, 40).write(3, 20, 125, 130);
    restores.add(new Restore(20, 30, 100, 120));
    assertViolations(Rule.TWO_VALUES);
  }

  @Test
  void readsAreStillCheckedBeforeARestoreAndAfterIt() {
    history.write(1, 10, 0, 10).write(2, 20, 31, 40).by(2).read(1, 10, 41, 42);
    restores.add(new Restore(20, 30, 100, 120));
    assertViolations(Rule.STALE);
    history.by(1).write(3, 30, 125, 130).by(3).read(1, 10, 131, 132);
    assertViolations(Rule.STALE, Rule.STALE);
  }

  private void assertNoViolation() {
    assertViolations();
  }

  private void assertViolations(Rule... rules) {
    List<Violation> violations =
        new Checker(UNKNOWN_LIFE, LAG, new SqlLag(RELAY, STOPPED, stops))
            .check(history.operations, restores);
    assertEquals(List.of(rules), violations.stream().map(Violation::rule).toList());
  }
}
