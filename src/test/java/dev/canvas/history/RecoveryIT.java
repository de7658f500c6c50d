package dev.canvas.history;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.history.Operation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ten thousand writes of as many products, while Postgres and the service are killed. */
class RecoveryIT {

  private static final int WRITES = 10_000;
  private static final int WRITERS = 24;
  private static final long PAUSE_MS = 20;
  private static final Duration DOWN = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Recorder recorder = new Recorder();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger confirmed = new AtomicInteger();

  @Test
  void noConfirmedWriteIsLost() {
    try (Cluster stage = new Cluster(true)) {
      List<Channel> channels =
          stage.channels().stream().filter(DocumentsChannel.class::isInstance).toList();
      Nemesis nemesis = new Nemesis(recorder, channels, line -> {});
      for (int i = 0; i < WRITERS; i++) {
        RecordingClient writer =
            new RecordingClient(recorder, channels.get(i % channels.size()), i);
        stage.clients.runOnContext(now -> next(stage, writer));
      }
      Fault postgres = Faults.of(stage, "postgres-killed");
      Fault node = Faults.of(stage, "node-killed");
      makeAfter(WRITES / 10, nemesis, List.of(postgres));
      makeAfter(WRITES / 3, nemesis, List.of(node));
      makeAfter(WRITES * 2 / 3, nemesis, List.of(postgres, node));
      awaitConfirmed(WRITES);
      assertEquals(List.of(), new ConvergenceCheck(stage, recorder, channels).check());
    }
    assertEquals(List.of(), new Checker(LONG, Duration.ZERO).check(recorder.operations()));
    assertEquals(
        WRITES,
        recorder.operations().stream()
            .filter(each -> each.kind() == Kind.WRITE && each.isOk() && each.product() > 0)
            .count());
  }

  private void makeAfter(int writes, Nemesis nemesis, List<Fault> faults) {
    awaitConfirmed(writes);
    nemesis.inject(faults, DOWN);
  }

  private void awaitConfirmed(int writes) {
    await().atMost(LONG).until(() -> confirmed.get() >= writes);
  }

  private void next(Cluster stage, RecordingClient writer) {
    int product = begun.incrementAndGet();
    if (product <= WRITES) {
      write(stage, writer, product);
    }
  }

  /** Until it is confirmed. */
  private void write(Cluster stage, RecordingClient writer, int product) {
    writer
        .write(product)
        .onSuccess(
            answer -> {
              if (answer.outcome() == Operation.Outcome.OK) {
                confirmed.incrementAndGet();
                next(stage, writer);
              } else {
                stage.clients.setTimer(PAUSE_MS, tick -> write(stage, writer, product));
              }
            });
  }
}
