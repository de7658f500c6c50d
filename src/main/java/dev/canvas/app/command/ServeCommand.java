package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ConfigurationOption;
import dev.canvas.app.doctor.WriteProtection;
import dev.canvas.app.server.Lifetime;
import dev.canvas.app.server.Server;
import dev.canvas.app.server.ServiceStart;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the service against configured servers. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Serves from the Postgres and Redis that CANVAS_POSTGRES_URI and CANVAS_REDIS_URI name.",
      "With CANVAS_STORE=couchdb from the CouchDB that CANVAS_COUCHDB_URI names instead."
    })
public final class ServeCommand implements Callable<Integer> {

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Configuration configuration = option.load(spec.commandLine().getErr());
    WriteProtection.requireDecision(configuration.http().access());
    ServiceStart.checkPorts(configuration);
    try (Lifetime lifetime = new Lifetime()) {
      Server server =
          ServiceStart.start(configuration, lifetime, () -> ServiceStart.migrate(configuration));
      out.printf(
          "Canvas %s serves on http://%s:%d (%d HTTP, %d data verticles), management on http://%s:%d%n",
          Version.number(),
          configuration.http().host(),
          server.httpPort(),
          configuration.httpInstances(),
          configuration.dataInstances(),
          configuration.management().host(),
          server.managementPort());
      out.flush();
      lifetime.await();
    }
    return 0;
  }
}
