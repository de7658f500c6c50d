package dev.canvas.app.server;

import dev.canvas.app.config.StartFailure;
import dev.canvas.app.doctor.Finding;
import dev.canvas.data.couchdb.CouchDbDatabase;
import dev.canvas.data.couchdb.CouchDbSettings;
import java.util.ArrayList;
import java.util.List;

/** The CouchDB of the store. */
record CouchDbBackend(CouchDbSettings settings) implements Backend {

  /** The first whose {@code _bulk_docs} is on the disk when it answers, whatever is configured. */
  private static final int OLDEST = 3;

  @Override
  public void prepare() {
    try {
      CouchDbDatabase.prepare(settings);
    } catch (CouchDbDatabase.UnusableException failure) {
      throw new StartFailure(
          "CouchDB at %s cannot be used: %s. Is it running, and does CANVAS_COUCHDB_URI name it?"
              .formatted(settings, ServiceStart.firstLine(failure)),
          failure);
    }
  }

  /** It has no number of connections that others would lack. */
  @Override
  public Capacity capacity() {
    return (running, wanted) -> {};
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    try {
      CouchDbDatabase.State state = CouchDbDatabase.examine(settings);
      findings.add(Finding.ok("couchdb", "reached at " + settings));
      findings.add(version(state.server()));
      findings.add(database(state));
    } catch (CouchDbDatabase.UnusableException failure) {
      findings.add(
          Finding.fail(
              "couchdb",
              ServiceStart.firstLine(failure),
              "start it, or set CANVAS_COUCHDB_URI (now " + settings + ")"));
    }
    return findings;
  }

  private static Finding version(String version) {
    boolean recent =
        version.matches("\\d+\\..*")
            && Integer.parseInt(version.substring(0, version.indexOf('.'))) >= OLDEST;
    return Finding.unless(
        recent, "couchdb version", version, "CouchDB " + OLDEST + " or later is meant: upgrade");
  }

  private static Finding database(CouchDbDatabase.State state) {
    if (!state.exists()) {
      return Finding.warn(
          "database", "there is none yet", "nothing: ./canvas serve makes it at its start");
    }
    if (state.prepared()) {
      return Finding.ok("database", "holds about " + state.documents() + " products");
    }
    return state.documents() == 0
        ? Finding.ok("database", "there, and empty")
        : Finding.fail(
            "database",
            "holds " + state.documents() + " documents, and none of them is Canvas's",
            "name another in CANVAS_COUCHDB_URI: it is made where there is none");
  }
}
