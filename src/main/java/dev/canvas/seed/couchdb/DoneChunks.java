package dev.canvas.seed.couchdb;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stores the chunks that a load has committed in compact form: all below a number, and some others.
 * Not thread-safe.
 */
final class DoneChunks {

  private static final String BELOW = "below";
  private static final String OTHERS = "others";

  private final TreeSet<Integer> others = new TreeSet<>();
  private int below;

  /** Reads what {@link #toJson} writes. */
  static DoneChunks of(JsonObject json) {
    DoneChunks chunks = new DoneChunks();
    chunks.below = json.getInteger(BELOW);
    json.getJsonArray(OTHERS).forEach(each -> chunks.others.add((Integer) each));
    return chunks;
  }

  void add(int chunk) {
    others.add(chunk);
    while (others.remove(below)) {
      below++;
    }
  }

  /** Returns all chunks. */
  Set<Integer> all() {
    Set<Integer> all = new HashSet<>(others);
    for (int chunk = 0; chunk < below; chunk++) {
      all.add(chunk);
    }
    return all;
  }

  JsonObject toJson() {
    JsonArray listed = new JsonArray();
    others.forEach(listed::add);
    return new JsonObject().put(BELOW, below).put(OTHERS, listed);
  }
}
