package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import java.util.ArrayList;
import java.util.List;

/** Examines everything that the service needs. Changes nothing. */
public final class Doctor {

  private Doctor() {}

  /** Runs all checks. Blocking: not for an event loop. */
  public static List<Finding> examine(Configuration configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("configuration", "every setting is valid"));
    findings.add(StartChecks.writeAccess(configuration.http()));
    findings.addAll(new MachineChecks(configuration).findings());
    findings.addAll(
        switch (configuration.data().store()) {
          case POSTGRES -> new PostgresChecks(configuration).findings();
          case COUCHDB -> new CouchDbChecks(configuration.data().couchDb()).findings();
        });
    findings.addAll(new RedisChecks(configuration).findings());
    return findings;
  }
}
