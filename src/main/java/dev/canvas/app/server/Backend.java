package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.doctor.Finding;
import java.util.List;

/** The operator's side of the store that is configured. Blocking: not for an event loop. */
public interface Backend {

  /**
   * Brings what the store needs up to this release.
   *
   * @throws dev.canvas.app.config.StartFailure naming what is wrong with it
   */
  void prepare();

  /** What it can take. */
  Capacity capacity();

  /** What the doctor finds in it. */
  List<Finding> findings();

  /** The one that the configuration chooses. */
  static Backend of(Configuration configuration) {
    return switch (configuration.data().store()) {
      case POSTGRES -> new PostgresBackend(configuration);
      case COUCHDB -> new CouchDbBackend(configuration.data().couchDb());
    };
  }
}
