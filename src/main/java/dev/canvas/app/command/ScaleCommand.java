package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import dev.canvas.control.Scaling;
import dev.canvas.http.management.ManagementSettings;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Each verticle that is removed may take ten seconds to drain. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);

  @Parameters(
      paramLabel = "ROLE=N",
      arity = "0..*",
      description = "http=N or data=N, with N from 1 to 256; without any, lists the verticles")
  private List<String> arguments = List.of();

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Scaling> scalings = arguments.stream().map(this::scaling).toList();
    ManagementSettings management = option.load(spec.commandLine().getErr()).management();
    URI verticles = uri(management);
    JsonObject response = null;
    for (Scaling scaling : scalings) {
      response = send(post(verticles, scaling), management);
    }
    print(response == null ? send(HttpRequest.newBuilder(verticles), management) : response);
    return 0;
  }

  private Scaling scaling(String argument) {
    try {
      return Scaling.parse(argument);
    } catch (ProblemException invalid) {
      throw new ParameterException(
          spec.commandLine(), argument + ": " + invalid.getMessage(), invalid);
    }
  }

  private static URI uri(ManagementSettings management) {
    try {
      InetAddress address = InetAddress.getByName(management.host());
      String host =
          address.isAnyLocalAddress()
              ? InetAddress.getLoopbackAddress().getHostAddress()
              : management.host();
      return new URI("http", null, host, management.port(), "/verticles", null, null);
    } catch (IOException | URISyntaxException invalid) {
      throw new StartFailure(
          "management.host '" + management.host() + "' cannot be resolved", invalid);
    }
  }

  private static HttpRequest.Builder post(URI verticles, Scaling scaling) {
    return HttpRequest.newBuilder(verticles)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(scaling.toJson().encode()));
  }

  private static JsonObject send(HttpRequest.Builder builder, ManagementSettings management) {
    if (!management.key().isEmpty()) {
      builder.header("Authorization", "Bearer " + management.key());
    }
    HttpRequest request = builder.timeout(RESPONSE_TIMEOUT).build();
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new StartFailure(ProblemException.fromJson(response.body()).getMessage());
      }
      return new JsonObject(response.body());
    } catch (IOException | DecodeException failure) {
      throw new StartFailure(
          "No Canvas responds at %s: start one, or set CANVAS_MANAGEMENT_HOST and CANVAS_MANAGEMENT_PORT"
              .formatted(request.uri()),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted", interrupted);
    }
  }

  private void print(JsonObject response) {
    PrintWriter out = spec.commandLine().getOut();
    for (Object each : response.getJsonArray("verticles")) {
      JsonObject role = (JsonObject) each;
      out.printf("%-5s %d%n", role.getString("role"), role.getInteger("instances"));
    }
    out.flush();
  }
}
