package dev.canvas.history;

import dev.canvas.history.Operation.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clients that read, write and delete, each one call at a time, and record every answer. Half of
 * the calls go to a few hot products, so that writes collide, the other half to many cold ones.
 * Thread-safe.
 */
final class Workload {

  /**
   * The shape of the load. Immutable.
   *
   * @param clients the number of clients
   * @param perSecond calls of all clients together; 0 for no limit
   * @param hot the number of products that get half of the calls
   * @param cold the number of products that get the other half
   * @param seed of the random choices
   */
  record Plan(int clients, int perSecond, int hot, int cold, long seed) {}

  private static final int READS_OF_100 = 66;
  private static final int WRITES_OF_100 = 27;

  /** The pause of a client after a call that failed. */
  private static final long PAUSE_MS = 20;

  private final Vertx vertx;
  private final Recorder recorder;
  private final List<Channel> channels;
  private final Plan plan;
  private final List<Future<Void>> ends = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param channels assigned to the clients in turn
   */
  Workload(Vertx vertx, Recorder recorder, List<Channel> channels, Plan plan) {
    this.vertx = vertx;
    this.recorder = recorder;
    this.channels = channels;
    this.plan = plan;
  }

  void start() {
    for (int i = 0; i < plan.clients; i++) {
      Client client =
          new Client(new RecordingClient(recorder, channels.get(i % channels.size()), i));
      ends.add(client.end.future());
      vertx.runOnContext(now -> client.next());
    }
  }

  /** Stops; completes when every client has its last answer. */
  Future<Void> stop() {
    stopping = true;
    return Future.all(ends).mapEmpty();
  }

  private final class Client {

    private final RecordingClient caller;
    private final Random random;
    private final Promise<Void> end = Promise.promise();

    Client(RecordingClient caller) {
      this.caller = caller;
      this.random = new Random(plan.seed * 1_000_003 + caller.client());
    }

    void next() {
      if (stopping) {
        end.complete();
        return;
      }
      long product = product();
      int dice = random.nextInt(100);
      Future<Answer> call =
          dice < READS_OF_100
              ? caller.read(product)
              : dice < READS_OF_100 + WRITES_OF_100
                  ? caller.write(product)
                  : caller.delete(product);
      call.onSuccess(answer -> pace(answer.outcome() == Outcome.OK));
    }

    private long product() {
      return random.nextBoolean()
          ? 1 + random.nextInt(plan.hot)
          : 1 + plan.hot + random.nextInt(plan.cold);
    }

    private void pace(boolean ok) {
      long wait = ok ? 0 : PAUSE_MS;
      if (plan.perSecond > 0) {
        wait =
            Math.max(wait, (long) (2_000.0 * plan.clients / plan.perSecond * random.nextDouble()));
      }
      if (wait == 0) {
        next();
      } else {
        vertx.setTimer(wait, tick -> next());
      }
    }
  }
}
