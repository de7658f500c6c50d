package dev.canvas.seed.couchdb;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.media.Problem;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.RecordReader;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;

/** Loads a CouchDB store. */
public final class CouchDbTargetStore implements TargetStore {

  private final BlockingCouchDb couchDb;
  private final Function<String, CatalogueSwitch> switches;

  /**
   * @param settings of a database that is prepared
   * @param switches opens the switch of the caches for the store of that id
   */
  public CouchDbTargetStore(
      Vertx vertx, CouchDbSettings settings, Function<String, CatalogueSwitch> switches) {
    this.couchDb = new BlockingCouchDb(vertx, settings);
    this.switches = switches;
  }

  @Override
  public Target open() {
    return new CouchDbTarget(couchDb, switches, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Optional<LastRun> lastRun() throws InterruptedException {
    return Optional.ofNullable(couchDb.get(CouchDbLayout.LOAD)).map(LoadDocument::lastRun);
  }

  @Override
  public RecordReader shoeImages(ProductParser parser) {
    throw Problem.MALFORMED_REQUEST.because(
        "The source --from-table reads a table of Postgres, and this store is CouchDB: export the"
            + " table to a CSV file with a header, and load that");
  }
}
