package dev.canvas.seed;

import dev.canvas.seed.postgres.RunLog;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.Records;
import java.sql.SQLException;
import java.util.Optional;

/** A store as the seeder sees it. Blocking; thread-safe. */
public interface TargetStore {

  /** Opens it for one run; to be closed by the caller. */
  Target target() throws SQLException;

  /** The last run that began, in whichever process. */
  Optional<RunLog.Entry> lastRun() throws SQLException, InterruptedException;

  /**
   * The first service's table in it.
   *
   * @throws dev.canvas.media.ProblemException where there is none
   */
  Records table(ProductParser parser) throws SQLException;
}
