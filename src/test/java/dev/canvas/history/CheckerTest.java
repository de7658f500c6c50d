package dev.canvas.history;

import static dev.canvas.history.Operation.UNTOLD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import dev.canvas.history.Violation.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that keep the promise and such that break it, as small as they can be. */
class CheckerTest {

  private static final Duration UNKNOWN_LIFE = Duration.ofNanos(1_000);
  private static final Duration LAG = Duration.ofNanos(50);
  private static final Duration RELAY = Duration.ofNanos(70);
  private static final long LATE = RELAY.plus(LAG).toNanos();

  private final MadeUp history = new MadeUp();

  @Test
  void aReadOfWhatWasConfirmedBeforeItIsRight() {
    history.write(1, 10, 0, 10).read(1, 10, 11, 12);
    history.write(2, 20, 13, 20).read(2, 20, 21, 22);
    assertKept();
  }

  @Test
  void aReadOlderThanAConfirmedWriteIsStale() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20);
    history.by(2).read(1, 10, 21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void aReadBesideAWriteMayFindEither() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 30);
    history.by(2).read(1, 10, 19, 25).by(3).read(2, 20, 21, 22).by(4).read(1, 10, 29, 40);
    assertKept();
  }

  @Test
  void aReadThatBeginsAsAWriteEndsMayStillMissIt() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2).read(1, 10, 20, 22);
    assertKept();
  }

  @Test
  void aClientMayNotReadBackwardsEvenBesideAWrite() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 90);
    history.by(2).read(2, 20, 30, 31).read(1, 10, 32, 33);
    assertBroken(Rule.BACKWARD);
  }

  @Test
  void anotherClientMayReadWhatIsOlderWhileAWriteIsNotConfirmed() {
    history.write(1, 10, 0, 10).write(2, 20, 20, 90);
    history.by(2).read(2, 20, 30, 31).by(3).read(1, 10, 32, 33);
    assertKept();
  }

  @Test
  void whatNobodyWroteIsFound() {
    history.write(1, 10, 0, 10).read(9, 10, 11, 12);
    assertBroken(Rule.TWO_VALUES, Rule.NEVER_WRITTEN);
  }

  @Test
  void whatIsWrittenLaterThanItIsReadIsFound() {
    history.read(1, UNTOLD, 1, 2).write(1, 10, 3, 10);
    assertBroken(Rule.NEVER_WRITTEN);
  }

  @Test
  void aFailedWriteIsNeverRead() {
    history.add(Kind.WRITE, 1, Outcome.FAILED, 0, 10).read(1, 10, 11, 12);
    assertBroken(Rule.FAILED_YET_READ);
  }

  @Test
  void aWriteOfUnknownOutcomeMayAppearLate() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(1, 10, 30, 31).read(2, 20, 40, 41).write(3, 30, 42, 50).read(3, 30, 51, 52);
    assertKept();
  }

  @Test
  void aWriteOfUnknownOutcomeThatAppearedDoesNotGoAway() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(2, 20, 40, 41).read(1, 10, 42, 43);
    assertBroken(Rule.BACKWARD);
  }

  @Test
  void aVersionThatGoesBackUnderAConfirmedWriteIsFound() {
    history.write(1, 20, 0, 10).write(2, 10, 11, 20);
    assertBroken(Rule.VERSION_ORDER);
  }

  @Test
  void aWriteThatIsMadeTwiceIsFound() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).read(1, 30, 21, 22);
    assertBroken(Rule.TWO_VERSIONS);
  }

  @Test
  void twoWritesOfOneVersionAreFound() {
    history.write(1, 10, 0, 10).by(2).write(2, 10, 0, 10);
    assertBroken(Rule.TWO_VALUES);
  }

  @Test
  void aProductIsAbsentUntilItIsWritten() {
    history.readNothing(0, 1).write(1, 10, 2, 10).by(2).readNothing(5, 6).readNothing(9, 15);
    assertKept();
  }

  @Test
  void anAbsenceAfterAConfirmedWriteIsStale() {
    history.write(1, 10, 2, 10).readNothing(11, 12);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteAndANewCreationAreSeenInTheirOrder() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).readNothing(21, 22);
    history.write(3, 30, 23, 30).read(3, 30, 31, 32);
    assertKept();
  }

  @Test
  void mediaAfterAConfirmedDeleteAreStale() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).read(1, 10, 21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void anAbsenceThatEndedBeforeAConfirmedCreationIsStale() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 20).write(3, 30, 21, 30).readNothing(31, 32);
    assertBroken(Rule.STALE);
  }

  @Test
  void whoHasReadAnAbsenceDoesNotReadWhatWasBeforeIt() {
    history.write(1, 10, 0, 10).delete(2, 20, 11, 90);
    history.by(2).readNothing(20, 21).read(1, 10, 22, 23);
    assertBroken(Rule.BACKWARD);
  }

  @Test
  void whoHasReadMediaDoesNotReadTheAbsenceBeforeThem() {
    history.write(1, 10, 0, 90).by(2).read(1, 10, 20, 21).readNothing(22, 23);
    assertBroken(Rule.BACKWARD);
  }

  @Test
  void aDeleteOfUnknownOutcomeExplainsAnAbsenceLater() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.UNKNOWN, 11, 20);
    history.read(1, 10, 30, 31).readNothing(40, 41);
    assertKept();
  }

  @Test
  void aDeleteThatFailedExplainsNothing() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.FAILED, 11, 20).readNothing(40, 41);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteThatBeganAfterAReadExplainsNothing() {
    history.write(1, 10, 0, 10).readNothing(11, 12).delete(2, 20, 13, 20);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteOfUnknownOutcomeDoesNotExplainAnAbsenceForEver() {
    history.write(1, 10, 0, 10).add(Kind.DELETE, 2, Outcome.UNKNOWN, 11, 20);
    history.write(3, 30, 1_021, 1_030).readNothing(1_031, 1_032);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionLiesAfterWhatWasConfirmedBeforeIt() {
    history.write(1, 10, 0, 10).delete(2, UNTOLD, 11, 20).by(2).read(1, 10, 21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionLiesBeforeWhatBeginsAfterIt() {
    history.delete(2, UNTOLD, 0, 10).write(1, 10, 11, 20).readNothing(21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void aDeleteWithoutVersionBesideAWriteMayBeTheLater() {
    history.write(1, 10, 0, 20).by(2).delete(2, UNTOLD, 1, 21).readNothing(30, 31);
    assertKept();
  }

  @Test
  void aReadWithoutVersionIsKnownByItsValue() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).read(1, UNTOLD, 21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void aWriteWhoseVersionNobodyToldIsStaleAfterOneThatBeganLater() {
    history.write(1, UNTOLD, 0, 10).write(2, 20, 11, 20).read(1, UNTOLD, 21, 22);
    assertBroken(Rule.STALE);
  }

  @Test
  void anotherNodeMayMissAWriteForAsLongAsAMessageTakes() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2, 2).read(1, 10, 40, 41);
    assertKept();
  }

  @Test
  void afterThatItIsStaleThereToo() {
    history.write(1, 10, 0, 10).write(2, 20, 11, 20).by(2, 2).read(1, 10, 71, 72);
    assertBroken(Rule.STALE);
  }

  @Test
  void aWriteThatNamesWhatItReplacesFollowsThatDirectly() {
    history.write(1, 10, 0, 10).following(1).write(2, 20, 11, 20);
    assertKept();
    history.following(1).write(3, 30, 12, 30);
    assertBroken(Rule.LOST_UPDATE);
  }

  @Test
  void whoNamesWhatIsThereIsNotRefused() {
    history.write(1, 10, 0, 10).following(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20);
    assertBroken(Rule.REFUSED_FOR_NOTHING);
  }

  @Test
  void anotherWriteThatMayBeDoneExplainsARefusal() {
    history.write(1, 10, 0, 10).add(Kind.WRITE, 3, Outcome.UNKNOWN, 15, 16);
    history.following(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20);
    assertKept();
  }

  @Test
  void whatIsRefusedIsNeverRead() {
    history.write(1, 10, 0, 10).write(3, 30, 5, 12);
    history.following(1).add(Kind.WRITE, 2, Outcome.REFUSED, 11, 20).read(2, 40, 21, 22);
    assertBroken(Rule.FAILED_YET_READ);
  }

  @Test
  void aWritePastTheServiceMayBeMissedUntilItIsRelayed() {
    history.write(1, 10, 0, 10).by(3, Operation.PAST).write(2, 20, 11, 20);
    history.by(2).read(1, 10, 20 + LATE, 200);
    assertKept();
    history.by(4).read(1, 10, 21 + LATE, 201);
    assertBroken(Rule.STALE);
  }

  private void assertKept() {
    assertBroken();
  }

  private void assertBroken(Rule... rules) {
    List<Violation> violations = new Checker(UNKNOWN_LIFE, LAG, RELAY).check(history.operations);
    assertEquals(List.of(rules), violations.stream().map(Violation::rule).toList());
  }
}
