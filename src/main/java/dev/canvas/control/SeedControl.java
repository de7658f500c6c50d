package dev.canvas.control;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Loading the store, as the seeder offers it; requests and progress are JSON. Thread-safe. */
public interface SeedControl {

  /**
   * Begins a load, or goes on with the last one; answers with its first progress. Fails with {@code
   * Problem#SEEDER_BUSY} while another is under way, wherever.
   */
  Future<JsonObject> start(JsonObject request);

  /** How far the last load is, whichever node it runs on. */
  Future<JsonObject> status();

  /** Has the load of this node end; it can go on later. */
  Future<JsonObject> cancel();
}
