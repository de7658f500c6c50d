package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.doctor.PostgresConnections;
import dev.canvas.app.doctor.PostgresRequirements;
import dev.canvas.control.NodeRole;
import dev.canvas.couchdb.CouchDbFailure;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.DataNode;
import dev.canvas.data.couchdb.CouchDbDatabase;
import dev.canvas.data.postgres.Schema;
import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.media.Problem;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.postgres.PostgresFailure;
import dev.canvas.postgres.PostgresSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Prepares the configured store for this release and guards its capacity. Blocking: not for an
 * event loop. Thread-safe.
 */
public sealed interface StoreOperations {

  /** The operations of the store that the configuration selects. */
  static StoreOperations of(Configuration configuration) {
    return switch (configuration.data().store()) {
      case POSTGRES ->
          new Postgres(
              configuration.data().postgres(),
              configuration.has(NodeRole.DATA) ? configuration.dataInstances() : 0);
      case COUCHDB -> new CouchDb(configuration.data().couchDb());
    };
  }

  /**
   * Creates what the store needs, or migrates it to this release.
   *
   * @throws StartFailure if the store cannot be reached or used
   */
  void prepare();

  /**
   * The failure of a command for which the store cannot be used.
   *
   * @param failure what the store or its client says
   */
  StartFailure unusable(Exception failure);

  /**
   * Checks that the store has connections for a number of data verticles.
   *
   * @param running the current number of data verticles
   * @param wanted the new number
   * @throws dev.canvas.media.ProblemException {@link Problem#CAPACITY_EXCEEDED} with the numbers if
   *     there are too few connections, {@link Problem#UNAVAILABLE} if the store does not respond
   */
  void checkCapacity(int running, int wanted);

  /**
   * A Postgres database.
   *
   * @param dataVerticles the number that will connect to it
   */
  record Postgres(PostgresSettings settings, int dataVerticles) implements StoreOperations {

    /** SQLSTATE too_many_connections. */
    private static final String TOO_MANY_CONNECTIONS = "53300";

    @Override
    public void prepare() {
      try {
        PostgresRequirements.require(settings, dataVerticles);
        Schema.migrate(PostgresDataSource.of(settings));
      } catch (Schema.NewerException newer) {
        throw new StartFailure(
            ("The tables in Postgres at %s were migrated by a newer release of Canvas (%s). Run"
                    + " that release, or use another database (with 'up': another --data-dir, or"
                    + " --fresh)")
                .formatted(settings, newer.getMessage()),
            newer);
      } catch (FlywayValidateException failure) {
        throw new StartFailure(
            ("The tables in Postgres at %s belong to a different build of Canvas. Run that build,"
                    + " or use an empty database (with 'up': another --data-dir, or --fresh)")
                .formatted(settings),
            failure);
      } catch (FlywayException | SQLException failure) {
        throw unusable(failure);
      }
    }

    @Override
    public StartFailure unusable(Exception failure) {
      return PostgresRequirements.unusable(settings, failure);
    }

    @Override
    public void checkCapacity(int running, int wanted) {
      PostgresConnections connections = connections();
      int own = DataNode.postgresConnections(running);
      int needed = DataNode.postgresConnections(wanted);
      if (needed > connections.available(own)) {
        throw Problem.CAPACITY_EXCEEDED.because(
            "%d data verticles need %d connections, but Postgres has %d available:"
                + " max_connections is %d, of which %d are reserved and %d are used by others."
                + " Raise max_connections, or ask for fewer data verticles",
            wanted,
            needed,
            Math.max(0, connections.available(own)),
            connections.max(),
            connections.reserved(),
            connections.usedByOthers(own));
      }
    }

    private PostgresConnections connections() {
      try (Connection connection = PostgresDataSource.withReadTimeout(settings).getConnection()) {
        return PostgresConnections.read(connection);
      } catch (SQLException failure) {
        if (TOO_MANY_CONNECTIONS.equals(failure.getSQLState())) {
          throw Problem.CAPACITY_EXCEEDED.because(
              "All connections of Postgres are in use, so its max_connections cannot be read");
        }
        throw Problem.UNAVAILABLE.because(
            "The max_connections of Postgres cannot be read: %s", PostgresFailure.of(failure));
      }
    }
  }

  /** A CouchDB database, whose connections are not limited. */
  record CouchDb(CouchDbSettings settings) implements StoreOperations {

    @Override
    public void prepare() {
      try {
        CouchDbDatabase.prepare(settings);
      } catch (CouchDbDatabase.UnusableException failure) {
        throw unusable(failure.diagnosis(), failure);
      }
    }

    @Override
    public StartFailure unusable(Exception failure) {
      return unusable(CouchDbFailure.of(failure), failure);
    }

    private StartFailure unusable(Diagnosis diagnosis, Exception failure) {
      return new StartFailure(
          "CouchDB at %s cannot be used: %s".formatted(settings, diagnosis), failure);
    }

    @Override
    public void checkCapacity(int running, int wanted) {}
  }
}
