package dev.canvas.bus;

import dev.canvas.client.Addresses;
import dev.canvas.client.FailedRequest;
import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Nodes;
import dev.canvas.control.Scaling;
import dev.canvas.control.Verticles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Controls the nodes of a cluster from one of them; without a cluster, that one alone. Thread-safe.
 */
public final class NodeControl implements Nodes {

  /** Each verticle that leaves may take ten seconds. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(Duration.ofMinutes(4).toMillis());

  private static final String SILENT = "The node does not answer";

  private static final String ALONE = "this node";

  private final Vertx vertx;
  private final Optional<ClusterNodes> nodes;
  private final Verticles own;
  private final Supplier<NodeReport> report;

  /**
   * @param nodes of the cluster, if there is one
   * @param own the verticles of this node
   * @param report describes this node
   */
  public NodeControl(
      Vertx vertx, Optional<ClusterNodes> nodes, Verticles own, Supplier<NodeReport> report) {
    this.vertx = vertx;
    this.nodes = nodes;
    this.own = own;
    this.report = report;
  }

  @Override
  public JsonArray report() {
    JsonArray all = new JsonArray();
    all().forEach(node -> all.add(node.toJson()));
    return all;
  }

  private List<KnownNode> all() {
    return nodes
        .map(ClusterNodes::all)
        .orElseGet(() -> List.of(new KnownNode(ALONE, true, report.get())));
  }

  @Override
  public Future<JsonArray> scale(Scaling scaling) {
    NodeRole role = NodeRole.of(scaling.role().text());
    List<Future<JsonObject>> scaled =
        all().stream()
            .filter(node -> node.report().roles().contains(role))
            .map(
                node ->
                    node.answers()
                        ? scale(node.id(), scaling)
                        : Future.succeededFuture(problem(node.id(), SILENT)))
            .toList();
    return Future.all(scaled).map(done -> new JsonArray(done.<JsonObject>list()));
  }

  private Future<JsonObject> scale(String node, Scaling scaling) {
    Future<JsonArray> verticles =
        nodes.isEmpty()
            ? own.scale(scaling).map(Verticles.Deployed::toJson)
            : vertx
                .eventBus()
                .<JsonObject>request(
                    NodeAddresses.at(Addresses.VERTICLES, node), scaling.toJson(), PATIENT)
                .map(reply -> reply.body().getJsonArray("verticles"));
    return verticles
        .map(deployed -> new JsonObject().put("node", node).put("verticles", deployed))
        .otherwise(failure -> problem(node, detail(failure)));
  }

  private static JsonObject problem(String node, String detail) {
    return new JsonObject().put("node", node).put("problem", detail);
  }

  private static String detail(Throwable failure) {
    return failure instanceof ReplyException reply
            && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE
        ? SILENT
        : FailedRequest.problem(failure).getMessage();
  }
}
