package dev.canvas.bus;

import dev.canvas.control.NodeReport;
import io.vertx.core.json.JsonObject;

/**
 * A node of the cluster as this one knows it. Immutable.
 *
 * @param id its id
 * @param answers whether it answers now
 * @param report the newest one
 */
record KnownNode(String id, boolean answers, NodeReport report) {

  /** Writes the report with the id and whether the node answers. */
  JsonObject toJson() {
    return new JsonObject().put("node", id).put("answers", answers).mergeIn(report.toJson());
  }
}
