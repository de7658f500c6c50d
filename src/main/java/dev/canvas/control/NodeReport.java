package dev.canvas.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a node tells the other nodes of its cluster about itself. Immutable.
 *
 * @param roles what it runs
 * @param verticles the number of its verticles of each role, as {@link Verticles.Deployed#toJson}
 * @param tiers the servers that its data verticles are connected to
 * @param release its version of Canvas
 * @param load the share of its machine's processors that it uses, from 0 to 1; negative if unknown
 * @param lagMs how late its event loops have been of late at most, in milliseconds
 */
public record NodeReport(
    Set<NodeRole> roles,
    JsonArray verticles,
    Tiers tiers,
    String release,
    double load,
    double lagMs) {

  /** Copies the roles. */
  public NodeReport {
    roles = Set.copyOf(roles);
  }

  /** Writes what {@link #of} reads. */
  public JsonObject toJson() {
    JsonArray names = new JsonArray();
    // In the order of the roles.
    for (NodeRole role : NodeRole.values()) {
      if (roles.contains(role)) {
        names.add(role.text());
      }
    }
    return new JsonObject()
        .put("roles", names)
        .put("verticles", verticles)
        .put("cache", tiers.cache())
        .put("store", tiers.store())
        .put("release", release)
        .put("load", load)
        .put("lag_ms", lagMs);
  }

  /** Reads a report. A role that this release does not know is left out. */
  public static NodeReport of(JsonObject json) {
    Set<NodeRole> roles = EnumSet.noneOf(NodeRole.class);
    JsonArray names = json.getJsonArray("roles", new JsonArray());
    for (NodeRole role : NodeRole.values()) {
      if (names.contains(role.text())) {
        roles.add(role);
      }
    }
    return new NodeReport(
        roles,
        json.getJsonArray("verticles", new JsonArray()),
        new Tiers(json.getBoolean("cache", false), json.getBoolean("store", false)),
        json.getString("release", "unknown"),
        json.getDouble("load", -1.0),
        json.getDouble("lag_ms", 0.0));
  }
}
