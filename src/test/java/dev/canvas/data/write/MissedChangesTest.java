package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.Commits;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissedChangesTest {

  private final Log log = new Log();
  private final List<Long> told = new ArrayList<>();
  private Future<String> hearing = Future.succeededFuture("first");
  private final MissedChanges missed =
      new MissedChanges(null, log, () -> hearing, change -> told.add(change.version()));

  @Test
  void nothingIsLookedForWhileEverythingIsHeard() {
    rounds(1);
    log.commit(5);
    rounds(9);
    assertEquals(List.of(), told);
    assertEquals(0, log.looks);
  }

  @Test
  void whatWasCommittedInAGapIsTold() {
    rounds(1);
    log.commit(3);
    rounds(9);
    hearing = Future.failedFuture("Redis is away");
    log.commit(2);
    rounds(1);
    hearing = Future.succeededFuture("second");
    rounds(1);
    assertTrue(told.containsAll(List.of(4L, 5L)), told::toString);
    assertEquals(List.of(), told.stream().filter(version -> version < 4).toList());
  }

  @Test
  void anotherHearingIsAGapToo() {
    rounds(4);
    log.commit(1);
    hearing = Future.succeededFuture("second");
    rounds(1);
    assertEquals(List.of(1L), told);
    rounds(3);
    assertEquals(List.of(1L), told);
  }

  @Test
  void aChangeThatWasCommittedBeforeTheGapAndNotRelayedIsTold() {
    rounds(1);
    log.relaying = false;
    log.commit(1);
    rounds(9);
    log.relaying = true;
    hearing = Future.succeededFuture("second");
    rounds(1);
    assertEquals(List.of(1L), told);
  }

  @Test
  void aLookThatFailedIsRepeated() {
    rounds(4);
    log.commit(1);
    log.away = true;
    hearing = Future.succeededFuture("second");
    assertTrue(missed.round().failed());
    assertEquals(List.of(), told);
    log.away = false;
    rounds(1);
    assertEquals(List.of(1L), told);
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(missed.round().succeeded());
    }
  }

  /** Commits in memory; the position of a moment is the last version. */
  private static final class Log implements Commits {

    private long last;
    private int looks;
    private boolean relaying = true;
    private boolean away;

    void commit(int changes) {
      last += changes;
    }

    @Override
    public Future<Moment> now() {
      return Future.succeededFuture(new Moment(Long.toString(last), last, last));
    }

    @Override
    public Future<Boolean> isRelayed(Moment moment) {
      return Future.succeededFuture(relaying);
    }

    @Override
    public Future<Page> after(Moment moment, String next) {
      if (away) {
        return Future.failedFuture("away");
      }
      looks++;
      long version = Long.parseLong(next == null ? moment.position() : next) + 1;
      return Future.succeededFuture(
          version > last
              ? new Page(List.of(), null)
              : new Page(
                  List.of(new Outbox.Message(0, new ProductId(version), version, false)),
                  Long.toString(version)));
    }
  }
}
