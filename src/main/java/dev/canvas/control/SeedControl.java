package dev.canvas.control;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Controls loads over the event bus. Requests and progress are JSON. Thread-safe. */
public interface SeedControl {

  /**
   * Begins a load, or resumes the last one; returns its first progress. Fails with {@code
   * Problem#SEEDER_BUSY} while another load runs, in any process.
   */
  Future<JsonObject> start(JsonObject request);

  /** Returns the progress or the outcome of the last load, in any process. */
  Future<JsonObject> status();

  /** Cancels the load that this node runs; it can be resumed. */
  Future<JsonObject> cancel();
}
