package dev.canvas.history;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.canvas.data.Mutant;
import dev.canvas.testing.KillableServers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * One order of events, played step by step, in which breaking one rule of the protocol breaks the
 * promise. Nothing in it is left to chance. The writer uses node 0, the readers node 1.
 */
interface Interleaving {

  /** The product that is written and read. */
  long PRODUCT = 1;

  /** Another product, to find out whether Redis is reachable. */
  long PROBE = 2;

  /**
   * On a busy machine a near cache may lose its validity by chance, and then answers nothing. So
   * the steps are repeated until it answers last, at most so often.
   */
  int TIMES = 30;

  /** How long a busy machine may take for a step. */
  Duration LONG = Duration.ofMinutes(1);

  /**
   * Who takes part.
   *
   * @param nodes scripted, so that nothing happens by itself
   * @param other a client on the same event loop as the reader
   */
  record Scene(
      KillableServers servers,
      TwoNodes nodes,
      Recorder recorder,
      RecordingClient writer,
      RecordingClient reader,
      RecordingClient other) {}

  /** More than a process remembers which versions its readers have seen. */
  Duration FORGOTTEN = Duration.ofMillis(2_500);

  /** Plays the events. */
  void play(Scene scene) throws TimeoutException;

  /** The interleaving in which a mutant breaks the promise. */
  static Interleaving thatShows(Mutant mutant) {
    return switch (mutant) {
      case NONE -> throw new IllegalArgumentException("NONE breaks no rule");
      case NO_FENCE -> Interleaving::aFillDuringAWrite;
      case UNCONDITIONAL_FILL -> Interleaving::aFillThatComesAfterAWrite;
      case FILL_FROM_AN_EXPIRED_LEASE -> Interleaving::aFillWhoseLeaseIsLostBeforeAWrite;
      case INSTALL_WITHOUT_MY_TOKEN -> Interleaving::anInstallWhoseFenceIsLost;
      case SHARED_FENCE_INSTALLS -> Interleaving::twoWritesInstalledInTheOtherOrder;
      case VERSION_BEFORE_THE_LOCK -> Interleaving::aWriteThatWaitsForItsRow;
      case NO_TOMBSTONE -> Interleaving::aDeleteWhoseFenceIsLost;
      case JOINS_ANY_FLIGHT -> Interleaving::aReadWhileAnOlderSelectIsAnswered;
      case KEYS_WITHOUT_THE_RUN -> Interleaving::aRedisThatComesBackWithWhatItHadBefore;
      case INSTALL_LEAVES_LEASES -> Interleaving::aWriteWhoseFenceIsLostToALease;
      case INSTALL_PUBLISHES_NOTHING -> Interleaving::aWriteWhoseFenceIsLostToANearCache;
      case NO_INVALIDATIONS -> Interleaving::aWriteOfAProductInTheOtherNearCache;
      case TRUST_NEVER_ENDS -> Interleaving::aWriteByANodeWithoutRedis;
    };
  }

  /** The relays do not run, and the other node reaches Redis. */
  private static void aWriteByANodeWithoutRedis(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    await().until(() -> done(scene.reader.read(PRODUCT)).note().contains("REDIS"));
    scene.nodes.node(0).installs().shut();
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
  }

  /** Between the commit and the install a client gets the new state, from the store. */
  private static void aFillDuringAWrite(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> filling = scene.nodes.node(1).fills().hold();
    done(scene.reader.read(PRODUCT));
    done(filling);
    Future<Void> installing = scene.nodes.node(0).installs().hold();
    Future<Answer> newer = scene.writer.write(PRODUCT);
    done(installing);
    RecordingClient early = new RecordingClient(scene.recorder, scene.nodes.channel(0), 3);
    done(early.read(PRODUCT));
    done(scene.nodes.node(1).fills().open());
    await().pollDelay(FORGOTTEN).until(() -> true);
    done(early.read(PRODUCT));
    scene.nodes.node(0).installs().open();
    done(newer);
  }

  /** The write has ended the lease, and the key holds the new value. */
  private static void aFillThatComesAfterAWrite(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> held = scene.nodes.node(1).fills().hold();
    done(scene.reader.read(PRODUCT));
    done(held);
    done(scene.writer.write(PRODUCT));
    done(scene.nodes.node(1).fills().open());
    done(scene.reader.read(PRODUCT));
  }

  /** The key is missing after the write, as it was before the lease. */
  private static void aFillWhoseLeaseIsLostBeforeAWrite(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> held = scene.nodes.node(1).fills().hold();
    done(scene.reader.read(PRODUCT));
    done(held);
    scene.servers.evictProducts();
    done(scene.writer.write(PRODUCT));
    done(scene.nodes.node(1).fills().open());
    done(scene.reader.read(PRODUCT));
  }

  /** Another writer has written meanwhile, and its value is lost too. */
  private static void anInstallWhoseFenceIsLost(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    Future<Void> held = scene.nodes.node(0).installs().hold();
    Future<Answer> older = scene.writer.write(PRODUCT);
    done(held);
    scene.servers.evictProducts();
    done(scene.reader.write(PRODUCT));
    scene.servers.evictProducts();
    scene.nodes.node(0).installs().open();
    done(older);
    done(scene.reader.read(PRODUCT));
  }

  private static void twoWritesInstalledInTheOtherOrder(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    Future<Void> held = scene.nodes.node(0).installs().hold();
    Future<Answer> older = scene.writer.write(PRODUCT);
    done(held);
    done(scene.reader.write(PRODUCT));
    scene.nodes.node(0).installs().open();
    done(older);
    done(scene.reader.read(PRODUCT));
  }

  /** The holder of the row lock writes first, so a version drawn before that is too low. */
  private static void aWriteThatWaitsForItsRow(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    try (SqlTransaction sql = new SqlTransaction(scene.nodes, scene.recorder)) {
      sql.lock(PRODUCT);
      Future<Answer> waiting = scene.writer.write(PRODUCT);
      await().atMost(LONG).until(sql::isWaitedFor);
      sql.write(PRODUCT);
      done(waiting);
    }
    done(scene.reader.read(PRODUCT));
  }

  /** The fence is lost while the delete commits, and a reader fills the old value. */
  private static void aDeleteWhoseFenceIsLost(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> held = scene.nodes.node(0).commits().hold();
    Future<Answer> delete = scene.writer.delete(PRODUCT);
    done(held);
    scene.servers.evictProducts();
    done(scene.reader.read(PRODUCT));
    scene.nodes.node(0).commits().open();
    done(delete);
    done(scene.reader.read(PRODUCT));
  }

  /** The write has ended the lease of the select that is still being answered. */
  private static void aReadWhileAnOlderSelectIsAnswered(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> held = scene.nodes.node(1).answers().hold();
    Future<Answer> older = scene.reader.read(PRODUCT);
    done(held);
    done(scene.writer.write(PRODUCT));
    Future<Answer> newer = scene.other.read(PRODUCT);
    scene.nodes.node(1).answers().open();
    done(older);
    done(newer);
  }

  /** No change is left to repair, so that only the keys' names tell the runs apart. */
  private static void aRedisThatComesBackWithWhatItHadBefore(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    // A read is filled a moment later, and the snapshot has to contain it.
    await().atMost(LONG).until(() -> done(scene.reader.read(PRODUCT)).note().contains("REDIS"));
    Fault fault = Faults.of(scene.servers, "redis-old-snapshot");
    fault.begin().run();
    done(scene.writer.write(PRODUCT));
    done(scene.nodes.node(0).relay());
    fault.end().run();
    await()
        .atMost(LONG)
        .until(
            () -> {
              done(scene.nodes.node(0).relay());
              return done(scene.reader.read(PROBE)).note().contains("REDIS");
            });
    done(scene.reader.read(PRODUCT));
  }

  private static void aWriteOfAProductInTheOtherNearCache(Scene scene) throws TimeoutException {
    for (int time = 0; time < TIMES; time++) {
      done(scene.writer.write(PRODUCT));
      ping(scene);
      done(scene.reader.read(PRODUCT));
      done(scene.reader.read(PRODUCT));
      done(scene.writer.write(PRODUCT));
      ping(scene);
      if (done(scene.reader.read(PRODUCT)).note().contains("NEAR")) {
        return;
      }
    }
  }

  /** The relay skips what was installed, so the install itself has to end the lease. */
  private static void aWriteWhoseFenceIsLostToALease(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> committing = scene.nodes.node(0).commits().hold();
    Future<Answer> newer = scene.writer.write(PRODUCT);
    done(committing);
    scene.servers.evictProducts();
    Future<Void> filling = scene.nodes.node(1).fills().hold();
    done(scene.reader.read(PRODUCT));
    done(filling);
    scene.nodes.node(0).commits().open();
    done(newer);
    done(scene.nodes.node(0).relay());
    done(scene.nodes.node(1).fills().open());
    done(scene.reader.read(PRODUCT));
  }

  /** The same for a value that another node has read into its near cache meanwhile. */
  private static void aWriteWhoseFenceIsLostToANearCache(Scene scene) throws TimeoutException {
    for (int time = 0; time < TIMES; time++) {
      done(scene.writer.write(PRODUCT));
      Future<Void> committing = scene.nodes.node(0).commits().hold();
      Future<Answer> newer = scene.writer.write(PRODUCT);
      done(committing);
      scene.servers.evictProducts();
      ping(scene);
      done(scene.reader.read(PRODUCT));
      done(scene.reader.read(PRODUCT));
      scene.nodes.node(0).commits().open();
      done(newer);
      done(scene.nodes.node(0).relay());
      ping(scene);
      if (done(scene.reader.read(PRODUCT)).note().contains("NEAR")) {
        return;
      }
    }
  }

  private static void ping(Scene scene) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> scene.nodes.node(1).ping().map(true).await(5, SECONDS));
  }

  private static <T> T done(Future<T> call) throws TimeoutException {
    return call.await(LONG.toSeconds(), SECONDS);
  }
}
