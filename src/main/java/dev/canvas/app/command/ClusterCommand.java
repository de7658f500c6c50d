package dev.canvas.app.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the nodes of a cluster. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Prints the nodes of the cluster of a running Canvas, with their load and releases.",
      "LOAD is the share of their processors that they use, LAG how late their event loops are.",
      "Connects to its management port (management.host and management.port)."
    })
public final class ClusterCommand implements Callable<Integer> {

  private static final String ROW = "%-28s %-21s %4s %4s %5s %7s  %-12s %s%n";

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ManagementPort port = new ManagementPort(option.load(spec.commandLine().getErr()).management());
    JsonArray nodes = port.get("/cluster").getJsonArray("nodes");
    PrintWriter out = spec.commandLine().getOut();
    out.printf(ROW, "NODE", "ROLES", "HTTP", "DATA", "LOAD", "LAG", "RELEASE", "STATE");
    for (Object each : nodes) {
      JsonObject node = (JsonObject) each;
      out.printf(
          ROW,
          node.getString("node"),
          node.getJsonArray("roles").stream().map(String::valueOf).collect(Collectors.joining(",")),
          instances(node, "http"),
          instances(node, "data"),
          load(node.getDouble("load")),
          String.format(Locale.ROOT, "%.0f ms", node.getDouble("lag_ms")),
          node.getString("release"),
          node.getBoolean("answers") ? "answers" : "silent");
    }
    out.flush();
    return 0;
  }

  private static String load(double share) {
    return share < 0 ? "?" : String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  private static String instances(JsonObject node, String role) {
    return node.getJsonArray("verticles").stream()
        .map(JsonObject.class::cast)
        .filter(each -> role.equals(each.getString("role")))
        .map(each -> each.getInteger("instances").toString())
        .findFirst()
        .orElse("-");
  }
}
