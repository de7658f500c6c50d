package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;

/**
 * Holds the load of a CouchDB database as a lease: a document that names the holder, records its
 * progress, and is renewed every second.
 *
 * <p>A process that finds the document unchanged for {@link LoadDocument#EXPIRY} takes the load
 * over, by comparing and setting the document's revision. The former holder then finds another's
 * name in the document, and stops. Thread-safe.
 */
final class LoadLease implements AutoCloseable {

  private static final long RENEWAL_MS = 1_000;

  /**
   * After this time without a renewal the holder stops loading. It is shorter than {@link
   * LoadDocument#EXPIRY}, so that the holder stops before another process takes over.
   */
  private static final Duration VALIDITY = Duration.ofSeconds(10);

  private final BlockingCouchDb couchDb;
  private final String holder = UUID.randomUUID().toString();
  private final long beganNanos = System.nanoTime();
  private final Timer renewals = new Timer("canvas-seed-beat", true);
  private final Object progress = new Object();
  private DoneChunks chunks = new DoneChunks();
  private Target.Tally tally = Target.Tally.NONE;
  private JsonObject document;
  private volatile long renewedNanos;
  private volatile boolean lost;

  LoadLease(BlockingCouchDb couchDb) {
    this.couchDb = couchDb;
  }

  /**
   * Takes the lease for a new load.
   *
   * @param last the document of the load before; null for none
   */
  synchronized Target.RunPlan begin(JsonObject last, SeedRequest request, int streams, int batch)
      throws InterruptedException {
    long run = last == null ? 1 : last.getLong("run") + 1;
    JsonObject first =
        new JsonObject()
            .put("run", run)
            .put("request", request.toJson())
            .put("streams", streams)
            .put("batch", batch)
            .put("total", -1);
    if (last != null) {
      first.put("_rev", last.getString("_rev"));
    }
    take(first);
    return plan();
  }

  /** Takes the lease of an interrupted load. */
  synchronized Target.RunPlan resume(JsonObject last) throws InterruptedException {
    TargetStore.LastRun run = LoadDocument.lastRun(last);
    if (run.isOver()) {
      throw TargetStore.nothingToResume();
    }
    chunks = DoneChunks.of(last.getJsonObject("chunks"));
    tally = run.tally();
    take(last);
    return plan();
  }

  /** Records how many products the load has. */
  synchronized void setTotal(long products) throws InterruptedException {
    document.put("total", products);
    write();
  }

  /** Records that a chunk is done; the next renewal writes it. */
  void addChunk(int chunk, Target.Tally more) {
    synchronized (progress) {
      chunks.add(chunk);
      tally = tally.plus(more);
    }
  }

  /**
   * Checks that the lease is valid.
   *
   * @throws ProblemException if another process may have taken the load over
   */
  void checkHeld() {
    if (lost || System.nanoTime() - renewedNanos > VALIDITY.toNanos()) {
      throw Problem.SEEDER_BUSY.because(
          lost
              ? "Another process has taken this load over"
              : "This load stopped: CouchDB accepted no renewal of its lease for %d s, so another process"
                      .formatted(VALIDITY.toSeconds())
                  + " may take it over");
    }
  }

  /** Ends the lease, and records the outcome of the load. */
  synchronized void end(String state) throws InterruptedException {
    renewals.cancel();
    document.put("state", state);
    write();
    checkHeld();
  }

  @Override
  public void close() {
    renewals.cancel();
  }

  private Target.RunPlan plan() {
    TargetStore.LastRun run = LoadDocument.lastRun(document);
    return new Target.RunPlan(
        run.run(),
        run.request(),
        run.streams(),
        document.getInteger("batch"),
        chunks.all(),
        run.tally());
  }

  private void take(JsonObject next) throws InterruptedException {
    document =
        next.put("state", "loading").put("holder", holder).put("who", TargetStore.holderName());
    write();
    if (lost) {
      throw LoadDocument.busy(couchDb.get(CouchDbLayout.LOAD));
    }
    renewals.schedule(
        new TimerTask() {
          @Override
          public void run() {
            renew();
          }
        },
        RENEWAL_MS,
        RENEWAL_MS);
  }

  private synchronized void renew() {
    try {
      write();
    } catch (ProblemException unreachable) {
      // If this goes on, the streams stop at checkHeld.
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() throws InterruptedException {
    long now = System.nanoTime();
    synchronized (progress) {
      document
          .put("chunks", chunks.toJson())
          .put("loaded", tally.loaded())
          .put("rejected", tally.rejected())
          .put("bytes", tally.bytes());
    }
    document
        .put("beat_at", System.currentTimeMillis())
        .put("elapsed_ms", (now - beganNanos) / 1_000_000);
    String revision = couchDb.put(CouchDbLayout.LOAD, document);
    if (revision == null) {
      // The stored document may be this lease's own, if the answer to the last renewal was lost.
      JsonObject stored = couchDb.get(CouchDbLayout.LOAD);
      lost = stored == null || !holder.equals(stored.getString("holder"));
      revision =
          lost
              ? null
              : couchDb.put(CouchDbLayout.LOAD, document.put("_rev", stored.getString("_rev")));
    }
    if (revision != null) {
      document.put("_rev", revision);
      renewedNanos = now;
    }
  }
}
