package dev.canvas.seed.target;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.RecordReader;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A store that loads can write to. Implementations throw the problems of this interface where they
 * refuse a load, so that both stores refuse in the same words. Blocking; thread-safe.
 */
public interface TargetStore {

  /**
   * The last run as the store has recorded it. Immutable.
   *
   * @param state {@code loading}, {@code done}, {@code cancelled}, {@code failed} or {@code
   *     abandoned}
   * @param total products to load; -1 if unknown
   * @param isRunning whether some process holds the load now
   */
  record LastRun(
      long run,
      SeedRequest request,
      String state,
      int streams,
      long total,
      Target.Tally tally,
      long elapsedMs,
      boolean isRunning) {

    /** Whether the run can no longer be resumed. */
    public boolean isOver() {
      return state.equals("done") || state.equals("abandoned");
    }

    /** The progress or the outcome of the run. */
    public SeedProgress progress() {
      SeedProgress.Phase phase =
          switch (state) {
            case "loading" ->
                isRunning ? SeedProgress.Phase.LOADING : SeedProgress.Phase.INTERRUPTED;
            case "done" -> SeedProgress.Phase.DONE;
            case "cancelled" -> SeedProgress.Phase.CANCELLED;
            default -> SeedProgress.Phase.FAILED;
          };
      return new SeedProgress(
          run,
          phase,
          tally.loaded(),
          total,
          total > 0 ? Math.min(1, (double) tally.loaded() / total) : -1,
          tally.rejected(),
          tally.bytes(),
          elapsedMs == 0 ? 0 : tally.loaded() * 1_000 / elapsedMs,
          elapsedMs,
          "");
    }
  }

  /** Opens the store for one load; the caller closes it. */
  Target open() throws SQLException;

  /** The run that began last, in any process. */
  Optional<LastRun> lastRun() throws SQLException, InterruptedException;

  /**
   * Opens the table {@code shoe_images} of the first service.
   *
   * @throws ProblemException if the store has none
   */
  RecordReader shoeImages(ProductParser parser) throws SQLException;

  /** The name under which this process holds a load. */
  static String holderName() {
    String host = System.getenv().getOrDefault("HOSTNAME", "this host").replaceAll("[^\\w.-]", "");
    return "canvas seed (process %d%s)"
        .formatted(ProcessHandle.current().pid(), host.isEmpty() ? "" : " on " + host);
  }

  /**
   * Refuses a second load.
   *
   * @param holder of the running load; null if it has ended meanwhile
   */
  static ProblemException busy(String holder) {
    return Problem.SEEDER_BUSY.because(
        "Another load is running: %s. Wait for it to finish, or stop it",
        holder == null ? "it has just ended, try again" : holder);
  }

  /** Refuses to resume. */
  static ProblemException nothingToResume() {
    return Problem.NOTHING_TO_RESUME.because(
        "There is no interrupted load to resume: the last one finished, or there was none");
  }

  /**
   * Refuses to load over products of the store.
   *
   * @param products some of their ids, separated by commas
   */
  static ProblemException alreadyThere(String products) {
    return Problem.ALREADY_THERE.because(
        "The store already holds products of the source, such as %s: choose what to do with them, with"
            + " --on-conflict keep or replace",
        products);
  }
}
