package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ListenAddress;
import dev.canvas.app.config.NodeCluster;
import dev.canvas.data.DataSettings;
import dev.canvas.data.StoreKind;
import dev.canvas.embedded.EmbeddedServers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Canvas that is up on this machine, as it tells of itself at its management port. The doctor
 * compares it with the settings that it was given, and examines the servers that this Canvas uses.
 * Immutable.
 *
 * @param release its version; empty if it tells nothing
 * @param ports the ports that it listens on, in order
 * @param stores the store and the Redis that it uses, without passwords
 * @param addresses the file with the addresses of both; null unless it has started them itself
 * @param silence why it tells nothing; empty if it does
 */
public record RunningCanvas(
    String release, Set<Integer> ports, List<String> stores, Path addresses, String silence) {

  /**
   * This process.
   *
   * @param http the port of its HTTP verticles; 0 if there are none
   * @param management its management port
   * @param addresses null unless the stores are its own
   */
  public static RunningCanvas here(
      String release, Configuration configuration, int http, int management, Path addresses) {
    Set<Integer> ports = new TreeSet<>(Set.of(management));
    ports.add(http);
    ports.add(configuration.bridge().port());
    configuration
        .cluster()
        .map(NodeCluster::membership)
        .ifPresent(member -> ports.addAll(Set.of(member.port(), member.busPort())));
    ports.remove(0);
    return new RunningCanvas(release, ports, stores(configuration), addresses, "");
  }

  /** One that answers and does not say what it is. */
  public static RunningCanvas silent(String why) {
    return new RunningCanvas("", Set.of(), List.of(), null, why);
  }

  /**
   * Reads what {@link #toJson} writes.
   *
   * @throws ClassCastException if it is something else
   */
  public static RunningCanvas of(JsonObject json) {
    String addresses = json.getString("addresses");
    return new RunningCanvas(
        json.getString("release", ""),
        json.getJsonArray("ports", new JsonArray()).stream()
            .map(port -> ((Number) port).intValue())
            .collect(Collectors.toCollection(TreeSet::new)),
        json.getJsonArray("stores", new JsonArray()).stream().map(String.class::cast).toList(),
        addresses == null ? null : Path.of(addresses),
        "");
  }

  /** What the management port answers. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("release", release)
            .put("ports", new JsonArray(List.copyOf(ports)))
            .put("stores", new JsonArray(stores));
    return addresses == null ? json : json.put("addresses", addresses.toString());
  }

  boolean isSilent() {
    return !silence.isEmpty();
  }

  /**
   * The settings that lead to its stores: those of the doctor, unless it has started its own.
   *
   * @throws IOException if the addresses of its own stores cannot be read
   */
  Configuration settings(Configuration given) throws IOException {
    if (addresses == null) {
      return given;
    }
    Map<String, String> own = EmbeddedServers.read(addresses);
    return given
        .withStore(StoreKind.POSTGRES)
        .forUp(ListenAddress.loopback(given.http().host()))
        .at(own.get("CANVAS_POSTGRES_URI"), own.get("CANVAS_REDIS_URI"));
  }

  /**
   * Whether the stores that are examined are its own.
   *
   * @param examined the settings that lead to them
   */
  Finding finding(Configuration examined) {
    if (isSilent()) {
      return Finding.warn(
          "canvas",
          "one is up and does not tell its ports and stores (" + silence + ")",
          "set CANVAS_MANAGEMENT_KEY to its key, and use the doctor of its release");
    }
    List<String> others = stores(examined);
    if (!stores.equals(others)) {
      return Finding.warn(
          "canvas",
          "release %s is up with %s, and not with those of these settings: %s"
              .formatted(release, String.join(" and ", stores), String.join(" and ", others)),
          "run the doctor with the settings of that Canvas, which are its environment and its"
              + " --config; the findings below are of the servers that these settings name");
    }
    return Finding.ok(
        "canvas",
        "release %s is up with the stores below%s"
            .formatted(release, addresses == null ? "" : ", its own (" + addresses + ")"));
  }

  private static List<String> stores(Configuration configuration) {
    DataSettings data = configuration.data();
    Object store = data.store() == StoreKind.COUCHDB ? data.couchDb() : data.postgres();
    return List.of(store.toString(), data.cache().redis().toString());
  }
}
