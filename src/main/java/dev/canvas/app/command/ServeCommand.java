package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ListenAddress;
import dev.canvas.app.doctor.StartChecks;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ServerStart;
import dev.canvas.app.server.ShutdownHook;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.control.NodeRole;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the service with the configured servers. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs the service with the Postgres and the Redis that CANVAS_POSTGRES_URI and"
          + " CANVAS_REDIS_URI name.",
      "With CANVAS_STORE=couchdb, the CouchDB that CANVAS_COUCHDB_URI names replaces Postgres."
    })
public final class ServeCommand implements Callable<Integer> {

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Configuration configuration = option.tellAndLoad(spec.commandLine().getErr());
    if (configuration.has(NodeRole.HTTP)) {
      StartChecks.requireWriteAccess(configuration.http().access());
    }
    StartChecks.requireMachine(configuration);
    Runnable preparation =
        configuration.usesStore() ? StoreOperations.of(configuration)::prepare : () -> {};
    ShutdownHook shutdown = new ShutdownHook();
    try (shutdown) {
      Server server = ServerStart.of(configuration, shutdown, preparation);
      announce(configuration, server);
      ServiceManager.tellReady();
      shutdown.await();
    } catch (RuntimeException failure) {
      throw shutdown.explained(failure);
    }
    return 0;
  }

  private void announce(Configuration configuration, Server server) {
    PrintWriter out = spec.commandLine().getOut();
    String management =
        "management on http://"
            + new ListenAddress(configuration.management().host(), server.managementPort());
    int data = configuration.has(NodeRole.DATA) ? configuration.dataInstances() : 0;
    if (configuration.has(NodeRole.HTTP)) {
      out.printf(
          "Canvas %s serves on http://%s (%d HTTP, %d data verticles), %s%n",
          Version.number(),
          new ListenAddress(configuration.http().host(), server.httpPort()),
          configuration.httpInstances(),
          data,
          management);
    } else {
      out.printf(
          "Canvas %s serves its cluster (%d data verticles), %s%n",
          Version.number(), data, management);
    }
    out.flush();
  }
}
