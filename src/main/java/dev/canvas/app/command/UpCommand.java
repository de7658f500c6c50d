package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ListenAddress;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.doctor.StartChecks;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ServerStart;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
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

/** Runs the service with servers of its own on one machine: for demonstrations and small shops. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Starts its own Postgres and Redis, loads the sample catalogue, and runs the service.",
      "Only this machine can reach it."
    })
public final class UpCommand implements Callable<Integer> {

  static final String DATA_DIRECTORY = ".canvas";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = DATA_DIRECTORY,
      description =
          "the directory of the data (default: ${DEFAULT-VALUE} in the current directory)")
  private Path dataDirectory;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "0",
      description = "also loads N generated products")
  private long rows;

  @Option(names = "--fresh", description = "deletes the data of earlier runs first")
  private boolean fresh;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long startNanos = System.nanoTime();
    Configuration configured = option.tellAndLoad(spec.commandLine().getErr());
    check(configured);
    String host = ListenAddress.loopback(configured.http().host());
    Configuration local = configured.forUp(host);
    StartChecks.requireMachine(local);
    say("Canvas " + Version.number());
    ShutdownHook shutdown = new ShutdownHook();
    try (shutdown) {
      if (fresh) {
        EmbeddedServers.erase(dataDirectory, this::step);
      }
      EmbeddedServers servers = shutdown.add(EmbeddedServers.start(dataDirectory, this::step));
      Configuration configuration = local.at(servers.postgresUri(), servers.redisUri());
      StoreOperations.of(configuration).prepare();
      new SampleLoad(configuration, this::step).run(rows);
      step("deploying the verticles");
      Server server = ServerStart.of(configuration, shutdown, servers.addresses());
      welcome(
          configuration,
          server,
          servers.addresses(),
          Duration.ofNanos(System.nanoTime() - startNanos));
      servers.keepRunning(this::step);
      shutdown.await();
    } catch (RuntimeException failure) {
      throw shutdown.explained(failure);
    }
    return 0;
  }

  private void check(Configuration configured) {
    if (rows < 0) {
      throw new ParameterException(
          spec.commandLine(), "invalid --rows " + rows + ": expected 0 or more");
    }
    if (configured.data().store() != StoreKind.POSTGRES) {
      throw new StartFailure(
          "'up' starts its own Postgres, but store (CANVAS_STORE) is not 'postgres'. Set it to"
              + " 'postgres', or use 'serve', which uses the configured store");
    }
  }

  private void welcome(Configuration configuration, Server server, Path addresses, Duration took) {
    String site = "http://" + new ListenAddress(configuration.http().host(), server.httpPort());
    String management =
        "http://" + new ListenAddress(configuration.management().host(), server.managementPort());
    say(String.format(Locale.ROOT, "%nReady in %.1f s.%n", took.toMillis() / 1_000.0));
    say("  Catalogue   " + site + "/");
    say("  A product   " + site + "/products/1");
    say("  Its media   " + site + "/api/products/1/media");
    say("  Health      " + management + "/health/ready");
    say("  Metrics     " + management + "/metrics");
    say("  Postgres    " + configuration.data().postgres());
    say("  Redis       " + configuration.data().cache().redis());
    say("  Passwords   " + addresses + " (for other commands)");
    say(
        "  Data        "
            + dataDirectory.toAbsolutePath()
            + " (kept after a stop; --fresh deletes it)");
    say("");
    say(
        "Only this machine can reach the service%s. Press Ctrl-C to stop everything."
            .formatted(
                configuration.http().access() instanceof AccessSettings.Open
                    ? ", and writing needs no key"
                    : ""));
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
