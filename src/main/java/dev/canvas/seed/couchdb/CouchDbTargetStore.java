package dev.canvas.seed.couchdb;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.seed.Target;
import dev.canvas.seed.TargetStore;
import dev.canvas.seed.postgres.RunLog;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.Records;
import java.util.Optional;
import java.util.function.Function;

/** A CouchDB database. */
public final class CouchDbTargetStore implements TargetStore {

  private final CouchDbRequests requests;
  private final Function<String, CatalogueSwitch> readers;

  public CouchDbTargetStore(
      CouchDbSeedSettings address, Function<String, CatalogueSwitch> readers) {
    this.requests = new CouchDbRequests(address);
    this.readers = readers;
  }

  @Override
  public Target target() {
    return new CouchDbTarget(requests, readers, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Optional<RunLog.Entry> lastRun() throws InterruptedException {
    return Optional.ofNullable(requests.get(CouchDbLayout.LOAD)).map(CouchDbLastLoad::entry);
  }

  @Override
  public Records table(ProductParser parser) {
    throw Problem.MALFORMED_REQUEST.because(
        "The table shoe_images is adopted within Postgres: CouchDB has no tables. Write it to a file"
            + " of CSV with a header, and load that");
  }
}
