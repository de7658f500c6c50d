package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.history.Operation.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Injects faults, and checks that every channel can be read and written again after each. The name
 * is that of the same role in Jepsen.
 */
final class Nemesis {

  /** A product that no client of the workload uses. */
  private static final long PROBE = 0;

  private static final int FIRST_CLIENT = 1_000_000;
  private static final Duration RECOVERY = Duration.ofSeconds(20);
  private static final long REPEAT_MS = 25;

  private final Recorder recorder;
  private final List<RecordingClient> probes = new ArrayList<>();
  private final Consumer<String> progress;
  private final Queue<String> unrecovered = new ConcurrentLinkedQueue<>();
  private final CountDownLatch never = new CountDownLatch(1);

  Nemesis(Recorder recorder, List<Channel> channels, Consumer<String> progress) {
    this.recorder = recorder;
    this.progress = progress;
    for (Channel channel : channels) {
      probes.add(new RecordingClient(recorder, channel, FIRST_CLIENT + probes.size()));
    }
  }

  /** Injects faults together for a while, then waits until all channels have recovered. */
  void inject(List<Fault> faults, Duration life) {
    List<String> names = faults.stream().map(Fault::name).toList();
    progress.accept("fault " + String.join(" + ", names));
    long begin = recorder.now();
    faults.forEach(fault -> fault.begin().run());
    long end = System.nanoTime() + life.toNanos();
    while (System.nanoTime() - end < 0) {
      faults.forEach(fault -> fault.repeat().run());
      pause(Duration.ofMillis(REPEAT_MS));
    }
    // A node that starts waits for its stores.
    faults.stream()
        .sorted(Comparator.comparing(fault -> fault.victim() == Fault.Victim.NODE))
        .forEach(fault -> fault.end().run());
    long healed = System.nanoTime();
    try {
      List<RecordingClient> waiting = new ArrayList<>(probes);
      await()
          .atMost(RECOVERY)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> waiting.removeIf(Nemesis::hasRecovered) && waiting.isEmpty());
      long millis = (System.nanoTime() - healed) / 1_000_000;
      progress.accept("  recovered after " + millis + " ms");
    } catch (ConditionTimeoutException late) {
      unrecovered.add(String.join(" + ", names));
    }
    // The relay needs Postgres, and a node.
    if (faults.stream().anyMatch(fault -> fault.victim() != Fault.Victim.REDIS)) {
      recorder.addStop(begin);
    }
  }

  /** Waits. */
  void pause(Duration life) {
    try {
      if (never.await(life.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the latch is never released");
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** The faults after which some channel did not recover in time. */
  List<String> unrecovered() {
    return List.copyOf(unrecovered);
  }

  private static boolean hasRecovered(RecordingClient probe) {
    return isDone(probe.write(PROBE)) && isDone(probe.read(PROBE));
  }

  private static boolean isDone(Future<Answer> call) {
    try {
      return call.await(RECOVERY.toSeconds(), TimeUnit.SECONDS).outcome() == Outcome.OK;
    } catch (TimeoutException late) {
      return false;
    }
  }
}
