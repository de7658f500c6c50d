package dev.canvas.history;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.history.Operation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Writes ten thousand products while Postgres and the service are killed. */
class RecoveryIT {

  private static final int WRITES = 10_000;
  private static final int WRITERS = 24;
  private static final long PAUSE_MS = 20;
  private static final Duration DOWN = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Recorder recorder = new Recorder();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger confirmed = new AtomicInteger();

  @Test
  void noConfirmedWriteIsLost() {
    try (Cluster cluster = new Cluster(true, Layout.ONE_HERE)) {
      List<Channel> channels =
          cluster.channels().stream().filter(DocumentsChannel.class::isInstance).toList();
      Nemesis nemesis = new Nemesis(recorder, channels, line -> {});
      for (int i = 0; i < WRITERS; i++) {
        RecordingClient writer =
            new RecordingClient(recorder, channels.get(i % channels.size()), i);
        cluster.clients.runOnContext(now -> next(cluster, writer));
      }
      Fault postgres = Faults.of(cluster, "postgres-killed");
      Fault node = Faults.of(cluster, "node-killed");
      injectAfter(WRITES / 10, nemesis, List.of(postgres));
      injectAfter(WRITES / 3, nemesis, List.of(node));
      injectAfter(WRITES * 2 / 3, nemesis, List.of(postgres, node));
      awaitConfirmed(WRITES);
      assertEquals(List.of(), new ConvergenceCheck(cluster, recorder, channels).check());
    }
    assertEquals(List.of(), new Checker(LONG, Duration.ZERO).check(recorder.operations()));
    assertEquals(
        WRITES,
        recorder.operations().stream()
            .filter(each -> each.kind() == Kind.WRITE && each.isOk() && each.product() > 0)
            .count());
  }

  private void injectAfter(int writes, Nemesis nemesis, List<Fault> faults) {
    awaitConfirmed(writes);
    nemesis.inject(faults, DOWN);
  }

  private void awaitConfirmed(int writes) {
    await().atMost(LONG).until(() -> confirmed.get() >= writes);
  }

  private void next(Cluster cluster, RecordingClient writer) {
    int product = started.incrementAndGet();
    if (product <= WRITES) {
      write(cluster, writer, product);
    }
  }

  /** Repeats the write until it is confirmed. */
  private void write(Cluster cluster, RecordingClient writer, int product) {
    writer
        .write(product)
        .onSuccess(
            answer -> {
              if (answer.outcome() == Operation.Outcome.OK) {
                confirmed.incrementAndGet();
                next(cluster, writer);
              } else {
                cluster.clients.setTimer(PAUSE_MS, tick -> write(cluster, writer, product));
              }
            });
  }
}
