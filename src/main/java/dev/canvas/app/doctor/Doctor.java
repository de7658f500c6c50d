package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.diagnosis.LogFiles;
import dev.canvas.embedded.EmbeddedServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines everything that the service needs. Changes nothing. */
public final class Doctor {

  private Doctor() {}

  /**
   * Runs all checks. Blocking: not for an event loop.
   *
   * @param running the Canvas that is up with these settings, if there is one: its ports are no
   *     obstacle, and if it has started its own stores, these are examined
   * @param dataDirectory where {@code up} has its data, unless the one that runs says otherwise
   */
  public static List<Finding> examine(
      Configuration given, Optional<RunningCanvas> running, Path dataDirectory) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("configuration", "every setting is valid"));
    Optional<Configuration> examined = examined(given, running, findings);
    Configuration configuration = examined.orElse(given);
    findings.add(StartChecks.writeAccess(configuration.http()));
    findings.addAll(new MachineChecks(configuration, running).findings());
    List<Path> written = new ArrayList<>(LogFiles.directories());
    written.addAll(
        EmbeddedServers.writtenIn(
            running
                .map(RunningCanvas::addresses)
                .map(Path::getParent)
                .orElse(dataDirectory.toAbsolutePath())));
    findings.addAll(DiskChecks.findings(written));
    if (examined.isPresent()) {
      findings.addAll(stores(configuration));
    }
    return findings;
  }

  /** The settings that lead to the servers to examine; empty if these are not known. */
  private static Optional<Configuration> examined(
      Configuration given, Optional<RunningCanvas> running, List<Finding> findings) {
    if (running.isEmpty()) {
      return Optional.of(given);
    }
    try {
      Configuration settings = running.get().settings(given);
      findings.add(running.get().finding(settings));
      return Optional.of(settings);
    } catch (IOException unreadable) {
      findings.add(
          Finding.warn(
              "canvas",
              "its own stores cannot be checked, as their addresses cannot be read from %s (%s)"
                  .formatted(running.get().addresses(), StartFailure.cause(unreadable)),
              "run the doctor as the user who has started that Canvas, on the same machine"));
      return Optional.empty();
    }
  }

  private static List<Finding> stores(Configuration configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(
        switch (configuration.data().store()) {
          case POSTGRES -> new PostgresChecks(configuration).findings();
          case COUCHDB -> new CouchDbChecks(configuration.data().couchDb()).findings();
        });
    findings.addAll(new RedisChecks(configuration).findings());
    return findings;
  }
}
