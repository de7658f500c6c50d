package dev.canvas.seed.couchdb;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.seed.LoadedItemIds;
import dev.canvas.seed.SeedProgress;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Target;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The CouchDB store as the target of a run: products go beside those that are there. All of them
 * cannot be replaced in one moment, as CouchDB has no transaction over documents, and its databases
 * have no other names.
 */
final class CouchDbTarget implements Target {

  /** The range of all products' documents. */
  private static final String ANY_PRODUCT =
      "_all_docs?limit=1&startkey=%220%22&endkey=%229999999999999999%22";

  /** What was fastest, and whose answer comes soon. */
  private static final int BATCH = 1_000;

  private final CouchDbRequests requests;
  private final Function<String, CatalogueSwitch> readers;
  private final int streams;
  private final CouchDbLoad load;
  private final LoadedItemIds itemIds;
  private CatalogueSwitch told;
  private Begun begun;
  private boolean resumed;

  /**
   * @param readers those who have to hear of the end
   * @param streams of a new run
   */
  CouchDbTarget(CouchDbRequests requests, Function<String, CatalogueSwitch> readers, int streams) {
    this.requests = requests;
    this.readers = readers;
    this.streams = streams;
    this.load = new CouchDbLoad(requests);
    this.itemIds = new LoadedItemIds(new CouchDbItemIdCounter(requests));
  }

  @Override
  public Begun begin(SeedRequest request) throws InterruptedException {
    JsonObject last = CouchDbLastLoad.settled(requests);
    resumed = request.resume();
    if (resumed) {
      if (last == null) {
        throw CouchDbLastLoad.nothingToResume();
      }
      begun = load.resume(last);
    } else {
      checkEmpty(request);
      begun = load.begin(last, request, streams, request.batch() > 0 ? request.batch() : BATCH);
    }
    told = readers.apply(CouchDbLayout.store(requests.get(CouchDbLayout.CATALOGUE)));
    return begun;
  }

  private void checkEmpty(SeedRequest request) throws InterruptedException {
    if (request.truncate() && !requests.get(ANY_PRODUCT).getJsonArray("rows").isEmpty()) {
      throw Problem.ALREADY_THERE.because(
          "The database holds products, and CouchDB cannot replace all of them in one moment: load"
              + " into a database that is empty (another name in CANVAS_COUCHDB_URI) and have the"
              + " services use it, or load beside them, without --truncate");
    }
  }

  @Override
  public void expect(long products) throws InterruptedException {
    load.expect(products);
  }

  @Override
  public Stream stream() {
    return new CouchDbStream(requests, load, itemIds, begun.request().onConflict(), resumed);
  }

  /**
   * The store tells of the new generation first: who learns it from there keeps nothing that was
   * read before, and nobody sets the older one once Redis has the new one.
   */
  @Override
  public void finish(Consumer<SeedProgress.Phase> entered) throws InterruptedException {
    entered.accept(SeedProgress.Phase.SWITCHING);
    load.checkHeld();
    Object settled = requests.get("").getValue("update_seq");
    told.advanceTo(CouchDbLayout.generation(countLoad(settled)));
    load.enter("done");
  }

  private JsonObject countLoad(Object settled) throws InterruptedException {
    return requests.change(
        CouchDbLayout.CATALOGUE,
        catalogue ->
            catalogue
                .put(CouchDbLayout.LOADS, catalogue.getLong(CouchDbLayout.LOADS, 0L) + 1)
                .put(CouchDbLayout.SETTLED, settled));
  }

  @Override
  public void giveUp(boolean cancelled) throws InterruptedException {
    if (begun != null) {
      load.enter(cancelled ? "cancelled" : "failed");
    }
  }

  @Override
  public void close() {
    if (told != null) {
      told.close();
    }
    load.close();
  }
}
