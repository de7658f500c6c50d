package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.DoneChunks;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import dev.canvas.seed.Target;
import dev.canvas.seed.postgres.RunLog;
import dev.canvas.seed.postgres.SeedLock;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;

/**
 * The load as its document in the database tells of it: who loads, how far he is, and, as he writes
 * it every second, that he lives. Who finds it standing still takes it over by comparing its
 * revision; who was taken over finds another's, and ends. Thread-safe.
 */
final class CouchDbLoad implements AutoCloseable {

  private static final long BEAT_MS = 1_000;

  /** Less than {@link CouchDbLastLoad#STILL}: who could not write it for so long loads no more. */
  private static final Duration HELD = Duration.ofSeconds(10);

  private final CouchDbRequests requests;
  private final String self = UUID.randomUUID().toString();
  private final long beganNanos = System.nanoTime();
  private final Timer timer = new Timer("canvas-seed-beat", true);
  private final Object progress = new Object();
  private DoneChunks chunks = new DoneChunks();
  private Tally tally = Tally.NONE;
  private JsonObject document;
  private volatile long beatNanos;
  private volatile boolean lost;

  CouchDbLoad(CouchDbRequests requests) {
    this.requests = requests;
  }

  /** Writes the document of a load that begins, in place of the last one's; null for none. */
  synchronized Target.Begun begin(JsonObject last, SeedRequest request, int streams, int batch)
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
    return begun();
  }

  /** Goes on with the load of a document. */
  synchronized Target.Begun resume(JsonObject last) throws InterruptedException {
    RunLog.Entry entry = CouchDbLastLoad.entry(last);
    if (entry.isOver()) {
      throw CouchDbLastLoad.nothingToResume();
    }
    chunks = DoneChunks.of(last.getJsonObject("chunks"));
    tally = entry.tally();
    take(last);
    return begun();
  }

  /** Notes how many products there are to be. */
  synchronized void expect(long products) throws InterruptedException {
    document.put("total", products);
    write();
  }

  /** Notes a chunk that is in; it is written with the next sign of life. */
  void done(int chunk, Tally more) {
    synchronized (progress) {
      chunks.add(chunk);
      tally = tally.plus(more);
    }
  }

  /** Fails where another may have taken the load over. */
  void checkHeld() {
    if (lost || System.nanoTime() - beatNanos > HELD.toNanos()) {
      throw Problem.SEEDER_BUSY.because(
          lost
              ? "Another seeder has taken this load over"
              : "CouchDB has taken no sign of life of this load for %d s, and another may take it over"
                  .formatted(HELD.toSeconds()));
    }
  }

  /** Notes its end, of whatever kind. */
  synchronized void enter(String state) throws InterruptedException {
    timer.cancel();
    document.put("state", state);
    write();
    checkHeld();
  }

  @Override
  public void close() {
    timer.cancel();
  }

  private Target.Begun begun() {
    RunLog.Entry entry = CouchDbLastLoad.entry(document);
    return new Target.Begun(
        entry.number(),
        entry.request(),
        entry.streams(),
        document.getInteger("batch"),
        chunks.all(),
        entry.tally());
  }

  private void take(JsonObject next) throws InterruptedException {
    document = next.put("state", "loading").put("holder", self).put("who", SeedLock.seeder());
    write();
    if (lost) {
      throw CouchDbLastLoad.busy(requests.get(CouchDbLayout.LOAD));
    }
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            beat();
          }
        },
        BEAT_MS,
        BEAT_MS);
  }

  private synchronized void beat() {
    try {
      write();
    } catch (ProblemException away) {
      // The streams end by themselves where it goes on like that.
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
    String revision = requests.put(CouchDbLayout.LOAD, document);
    if (revision == null) {
      // It may be one's own, whose answer was lost.
      JsonObject there = requests.get(CouchDbLayout.LOAD);
      lost = there == null || !self.equals(there.getString("holder"));
      revision =
          lost
              ? null
              : requests.put(CouchDbLayout.LOAD, document.put("_rev", there.getString("_rev")));
    }
    if (revision != null) {
      document.put("_rev", revision);
      beatNanos = now;
    }
  }
}
