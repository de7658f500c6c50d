package dev.canvas.app.command;

import dev.canvas.control.Scaling;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the verticles of a running service, or changes their number. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Adds or removes verticles of a running Canvas, without failing a request.",
      "Connects to its management port (management.host and management.port)."
    })
public final class ScaleCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "ROLE=N",
      arity = "0..*",
      description = "http=N or data=N, with N from 1 to 256; without any, lists the verticles")
  private List<String> arguments = List.of();

  @Option(names = "--all", description = "on each node of the cluster that has the role")
  private boolean all;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Scaling> scalings = arguments.stream().map(this::scaling).toList();
    ManagementPort port = new ManagementPort(option.load(spec.commandLine().getErr()).management());
    if (all && scalings.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--all needs a role and a number, such as data=3");
    }
    JsonObject response = null;
    for (Scaling scaling : scalings) {
      response =
          port.post("/verticles", all ? scaling.toJson().put("all", true) : scaling.toJson());
    }
    return print(response == null ? port.get("/verticles") : response);
  }

  private Scaling scaling(String argument) {
    try {
      return Scaling.parse(argument);
    } catch (ProblemException invalid) {
      throw new ParameterException(
          spec.commandLine(), argument + ": " + invalid.getMessage(), invalid);
    }
  }

  /** Prints the verticles of this node, or of each; returns the exit code. */
  private int print(JsonObject response) {
    PrintWriter out = spec.commandLine().getOut();
    if (response.getJsonArray("nodes") == null) {
      printVerticles(out, "", response.getJsonArray("verticles"));
      return 0;
    }
    int refused = 0;
    for (Object each : response.getJsonArray("nodes")) {
      JsonObject node = (JsonObject) each;
      out.println(node.getString("node"));
      if (node.getString("problem") == null) {
        printVerticles(out, "  ", node.getJsonArray("verticles"));
      } else {
        out.println("  " + node.getString("problem"));
        refused++;
      }
    }
    out.flush();
    return refused == 0 ? 0 : 1;
  }

  private static void printVerticles(PrintWriter out, String indent, JsonArray verticles) {
    for (Object each : verticles) {
      JsonObject role = (JsonObject) each;
      out.printf("%s%-5s %d%n", indent, role.getString("role"), role.getInteger("instances"));
    }
    out.flush();
  }
}
