package dev.canvas.seed.couchdb;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.ItemIdRules;
import dev.canvas.media.Problem;
import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A CouchDB store that is open for one load. A load adds products to those of the database. It
 * cannot replace the whole catalogue at once, because CouchDB has no transaction over documents and
 * cannot rename a database.
 */
final class CouchDbTarget implements Target {

  /** Finds a document of any product. */
  private static final String ANY_PRODUCT =
      "_all_docs?limit=1&startkey=%220%22&endkey=%229999999999999999%22";

  /** The fastest in measurements, and small enough to be answered soon. */
  private static final int DEFAULT_BATCH = 1_000;

  private final BlockingCouchDb couchDb;
  private final Function<String, CatalogueSwitch> switches;
  private final int streams;
  private final LoadLease lease;
  private final LoadedItemIds itemIds;
  private CatalogueSwitch caches;
  private RunPlan plan;
  private boolean resumed;

  /**
   * @param switches opens the switch of the caches for the store of that id
   * @param streams of a new run; a resumed run keeps its own number
   */
  CouchDbTarget(BlockingCouchDb couchDb, Function<String, CatalogueSwitch> switches, int streams) {
    this.couchDb = couchDb;
    this.switches = switches;
    this.streams = streams;
    this.lease = new LoadLease(couchDb);
    this.itemIds = new LoadedItemIds(itemId -> raiseItemIds(couchDb, itemId));
  }

  @Override
  public RunPlan begin(SeedRequest request) throws InterruptedException {
    JsonObject last = LoadDocument.awaitExpired(couchDb);
    resumed = request.resume();
    if (resumed) {
      if (last == null) {
        throw TargetStore.nothingToResume();
      }
      plan = lease.resume(last);
    } else {
      checkReplaceable(request);
      int batch = request.batch() > 0 ? request.batch() : DEFAULT_BATCH;
      plan = lease.begin(last, request, streams, batch);
    }
    caches = switches.apply(CouchDbLayout.store(couchDb.get(CouchDbLayout.CATALOGUE)));
    return plan;
  }

  private void checkReplaceable(SeedRequest request) throws InterruptedException {
    if (request.truncate() && !couchDb.get(ANY_PRODUCT).getJsonArray("rows").isEmpty()) {
      throw Problem.ALREADY_THERE.because(
          "The database holds products, and CouchDB cannot replace all of them at once. Load into an"
              + " empty database (another name in CANVAS_COUCHDB_URI) and point the services at it,"
              + " or load without --truncate");
    }
  }

  @Override
  public void expect(long products) throws InterruptedException {
    lease.setTotal(products);
  }

  @Override
  public Stream openStream() {
    return new CouchDbStream(couchDb, lease, itemIds, plan.request().onConflict(), resumed);
  }

  /**
   * Writes the new generation to the store before Redis. A node that reads it from the store then
   * caches nothing that was read before, and no node sets the older one once Redis has the new one.
   */
  @Override
  public void finish(Consumer<SeedProgress.Phase> entered) throws InterruptedException {
    entered.accept(SeedProgress.Phase.SWITCHING);
    lease.checkHeld();
    Object lastChange = couchDb.get("").getValue("update_seq");
    JsonObject catalogue =
        couchDb.update(
            CouchDbLayout.CATALOGUE,
            document ->
                document
                    .put(CouchDbLayout.LOADS, document.getLong(CouchDbLayout.LOADS, 0L) + 1)
                    .put(CouchDbLayout.SETTLED, lastChange));
    caches.advanceTo(CouchDbLayout.generation(catalogue));
    lease.end("done");
  }

  /** Raises the counter of item ids above an id that the load brings; returns the counter. */
  static long raiseItemIds(BlockingCouchDb couchDb, long itemId) throws InterruptedException {
    return couchDb
        .update(
            CouchDbLayout.CATALOGUE,
            catalogue -> {
              if (catalogue.getLong(CouchDbLayout.NEXT_ITEM_ID) <= itemId) {
                catalogue.put(CouchDbLayout.NEXT_ITEM_ID, ItemIdRules.beyond(itemId));
              }
            })
        .getLong(CouchDbLayout.NEXT_ITEM_ID);
  }

  @Override
  public void stop(boolean cancelled) throws InterruptedException {
    if (plan != null) {
      lease.end(cancelled ? "cancelled" : "failed");
    }
  }

  @Override
  public void close() {
    if (caches != null) {
      caches.close();
    }
    lease.close();
  }
}
