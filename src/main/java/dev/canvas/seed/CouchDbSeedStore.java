package dev.canvas.seed;

import dev.canvas.media.Problem;
import dev.canvas.store.CouchDbLayout;
import java.util.Optional;
import java.util.function.Function;

/** A CouchDB database. */
final class CouchDbSeedStore implements SeedStore {

  private final CouchDbRequests requests;
  private final Function<String, Readers> readers;

  CouchDbSeedStore(CouchDbSeedSettings address, Function<String, Readers> readers) {
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
