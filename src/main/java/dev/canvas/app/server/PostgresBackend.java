package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.PostgresDataSource;
import dev.canvas.app.config.Settings;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.doctor.Finding;
import dev.canvas.app.doctor.PostgresChecks;
import dev.canvas.data.postgres.Schema;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** The Postgres of the store. */
record PostgresBackend(Configuration configuration) implements Backend {

  @Override
  public void prepare() {
    String uri = configuration.data().postgresUri();
    try {
      Schema.migrate(PostgresDataSource.of(uri));
    } catch (FlywayValidateException failure) {
      throw new StartFailure(
          "The tables in Postgres at %s were made by another build of Canvas. Run that one, or take an empty database (with 'up': another --data-dir, or --fresh)"
              .formatted(Settings.withoutPassword(uri)),
          failure);
    } catch (FlywayException failure) {
      throw new StartFailure(
          "Postgres at %s cannot be used: %s. Is it running, and does CANVAS_POSTGRES_URI name it?"
              .formatted(Settings.withoutPassword(uri), ServiceStart.firstLine(failure)),
          failure);
    }
  }

  @Override
  public Capacity capacity() {
    return new PostgresCapacity(configuration.data().postgresUri());
  }

  @Override
  public List<Finding> findings() {
    return new PostgresChecks(configuration).findings();
  }
}
