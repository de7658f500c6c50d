package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ConfigurationOption;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.Lifetime;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ServiceStart;
import dev.canvas.data.StoreKind;
import dev.canvas.embedded.EmbeddedServers;
import dev.canvas.http.access.AccessSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything on one machine, for a first look and for small shops. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Starts a Postgres and a Redis of its own, loads the sample catalogue, and serves.",
      "Listens on this machine only."
    })
public final class UpCommand implements Callable<Integer> {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".canvas",
      description = "where the data are kept (default: ${DEFAULT-VALUE})")
  private Path dataDirectory;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "0",
      description = "that many generated products beside the samples")
  private long rows;

  @Option(names = "--fresh", description = "deletes the data directory's data first")
  private boolean fresh;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long began = System.nanoTime();
    if (rows < 0) {
      throw new ParameterException(spec.commandLine(), "--rows " + rows + ": expected 0 or more");
    }
    Configuration configured = option.load(spec.commandLine().getErr());
    if (configured.data().store() != StoreKind.POSTGRES) {
      throw new StartFailure(
          "store (CANVAS_STORE) is not 'postgres': 'up' brings a Postgres of its own; 'serve' takes"
              + " the store that is configured");
    }
    String host = loopback(configured.http().host());
    ServiceStart.checkPorts(configured.on(host, "", ""));
    say("Canvas " + Version.number());
    try (Lifetime lifetime = new Lifetime()) {
      if (fresh) {
        EmbeddedServers.erase(dataDirectory, this::step);
      }
      EmbeddedServers servers = lifetime.add(EmbeddedServers.start(dataDirectory, this::step));
      Configuration configuration = configured.on(host, servers.postgresUri(), servers.redisUri());
      ServiceStart.migrate(configuration);
      new SampleLoad(configuration, this::step).run(rows);
      step("deploying the verticles");
      Server server = ServiceStart.start(configuration, lifetime);
      welcome(configuration, server, Duration.ofNanos(System.nanoTime() - began));
      lifetime.await();
    }
    return 0;
  }

  private void welcome(Configuration configuration, Server server, Duration took) {
    String site = "http://" + configuration.http().host() + ":" + server.httpPort();
    String management =
        "http://" + configuration.management().host() + ":" + server.managementPort();
    say(String.format(Locale.ROOT, "%nReady in %.1f s.%n", took.toMillis() / 1_000.0));
    say("  Catalogue   " + site + "/");
    say("  A product   " + site + "/products/1");
    say("  Its media   " + site + "/api/products/1/media");
    say("  Health      " + management + "/health/ready");
    say("  Metrics     " + management + "/metrics");
    say("  Postgres    " + configuration.data().postgresUri());
    say("  Redis       " + configuration.data().redisUri());
    say("  Data        " + dataDirectory + " (kept; --fresh starts anew)");
    say("");
    say(
        "Only this machine can reach it%s. Ctrl-C ends everything."
            .formatted(
                configuration.http().access() instanceof AccessSettings.Open
                    ? ", and whoever reaches it may write"
                    : ""));
  }

  private static String loopback(String configured) {
    return Configuration.isLoopback(configured) ? configured : "127.0.0.1";
  }

  private void step(String line) {
    say("  " + line);
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
