package dev.canvas.app.doctor;

import dev.canvas.couchdb.CouchDbFailure;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.couchdb.CouchDbDatabase;
import dev.canvas.diagnosis.Diagnosis;
import java.util.ArrayList;
import java.util.List;

/** Checks the CouchDB server and the database of the store. */
final class CouchDbChecks {

  /** The first release whose {@code _bulk_docs} always answers after the data are on disk. */
  private static final int MIN_MAJOR_VERSION = 3;

  private final CouchDbSettings settings;

  CouchDbChecks(CouchDbSettings settings) {
    this.settings = settings;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    try {
      CouchDbDatabase.State state = CouchDbDatabase.examine(settings);
      findings.add(Finding.ok("couchdb", "reachable at " + settings));
      findings.add(version(state.server()));
      findings.add(database(state));
    } catch (CouchDbDatabase.UnusableException failure) {
      Diagnosis diagnosis = failure.diagnosis();
      findings.add(
          Finding.fail(
              "couchdb",
              diagnosis.problem(),
              diagnosis.remedy() + " (CANVAS_COUCHDB_URI is now " + settings + ")"));
    }
    return findings;
  }

  private static Finding version(String version) {
    boolean recent =
        version.matches("\\d+\\..*")
            && Integer.parseInt(version.substring(0, version.indexOf('.'))) >= MIN_MAJOR_VERSION;
    return Finding.warnUnless(
        recent,
        "couchdb version",
        version,
        "upgrade to CouchDB " + MIN_MAJOR_VERSION + " or later");
  }

  private static Finding database(CouchDbDatabase.State state) {
    if (!state.exists() && !state.mayCreate()) {
      return Finding.fail(
          "database",
          "does not exist, and the user may not create it",
          CouchDbFailure.RIGHT.remedy());
    }
    if (!state.exists()) {
      return Finding.warn(
          "database", "does not exist yet", "nothing: ./canvas serve creates it when it starts");
    }
    if (state.prepared()) {
      return Finding.ok("database", "holds about " + state.documents() + " products");
    }
    return state.documents() == 0
        ? Finding.ok("database", "exists and is empty")
        : Finding.fail(
            "database",
            "holds " + state.documents() + " documents, none of them from Canvas",
            "name another database in CANVAS_COUCHDB_URI; ./canvas serve creates it if necessary");
  }
}
