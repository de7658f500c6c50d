package dev.canvas.control;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/** Reports and scales the nodes of the cluster that a process belongs to. Thread-safe. */
public interface Nodes {

  /**
   * Reports all nodes, this one included: {@code
   * [{"node":"10.0.0.1:7800#ab12cd","answers":true,…}]}, each with the members of {@link
   * NodeReport#toJson}.
   */
  JsonArray report();

  /**
   * Scales a role on each node that has it, at the same time. Completes with {@code
   * [{"node":…,"verticles":[…]}]}, where a node that refused has {@code "problem"} instead of
   * {@code "verticles"}.
   */
  Future<JsonArray> scale(Scaling scaling);
}
