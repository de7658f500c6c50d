package dev.canvas.seed;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.media.MediaRules;
import dev.canvas.media.Problem;
import dev.canvas.seed.couchdb.CouchDbSeedSettings;
import dev.canvas.seed.couchdb.CouchDbTargetStore;
import dev.canvas.seed.postgres.PostgresTargetStore;
import dev.canvas.seed.postgres.RunLog;
import dev.canvas.seed.source.GeneratedItems;
import dev.canvas.seed.source.GeneratedSource;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.ProductSource;
import dev.canvas.seed.source.Records;
import dev.canvas.seed.source.SampleCatalogue;
import dev.canvas.seed.source.SingleReaderSource;
import dev.canvas.seed.source.SourceFile;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import javax.sql.DataSource;

/** Begins loads of the store. Blocking: not for an event loop. Thread-safe. */
public final class SeedLauncher {

  private final TargetStore store;
  private final MediaRules rules;

  private SeedLauncher(TargetStore store, MediaRules rules) {
    this.store = store;
    this.rules = rules;
  }

  /**
   * The one of a Postgres store.
   *
   * @param database where the schema is in place
   * @param rules of what is loaded
   * @param readers opens the way to those who keep what they have read of the store of that name
   */
  public static SeedLauncher ofPostgres(
      DataSource database, MediaRules rules, Function<String, CatalogueSwitch> readers) {
    return new SeedLauncher(new PostgresTargetStore(database, readers), rules);
  }

  /**
   * The one of a CouchDB store.
   *
   * @param address of the database, where Canvas's own documents are
   * @param rules of what is loaded
   * @param readers opens the way to those who keep what they have read of the store of that name
   */
  public static SeedLauncher ofCouchDb(
      CouchDbSeedSettings address, MediaRules rules, Function<String, CatalogueSwitch> readers) {
    return new SeedLauncher(new CouchDbTargetStore(address, readers), rules);
  }

  /**
   * Begins a load; {@link SeedRun#run} does it.
   *
   * @param listener told of the progress, twice a second and at the end, by any thread
   * @throws dev.canvas.media.ProblemException where it cannot begin: {@link Problem#SEEDER_BUSY},
   *     {@link Problem#NOTHING_TO_RESUME}, {@link Problem#ALREADY_THERE}, or what is wrong with the
   *     source
   */
  public SeedRun begin(SeedRequest request, Consumer<SeedProgress> listener)
      throws SQLException, IOException, InterruptedException {
    SeedRequest wanted = request.resume() ? goingOn(request) : request;
    Records records = records(wanted);
    Target target = null;
    try {
      target = store.target();
      Target.Begun begun = target.begin(request);
      Rejects rejects =
          new Rejects(
              wanted.rejectsFile(),
              begun.loaded().rejected(),
              Math.max(wanted.maxErrors(), request.maxErrors()));
      return new SeedRun(target, begun, source(begun, records), rejects, listener);
    } catch (SQLException | InterruptedException | RuntimeException failure) {
      if (target != null) {
        target.close();
      }
      if (records != null) {
        records.close();
      }
      throw failure;
    }
  }

  /** The last load, if it did not end and can go on. */
  public Optional<SeedRequest> interrupted() throws SQLException, InterruptedException {
    return store.lastRun().filter(entry -> !entry.isOver()).map(RunLog.Entry::request);
  }

  /** How far the last load is or how it ended, whichever process it runs or ran in. */
  public SeedProgress last() throws SQLException, InterruptedException {
    return store
        .lastRun()
        .map(SeedLauncher::progress)
        .orElse(new SeedProgress(0, SeedProgress.Phase.IDLE, 0, -1, -1, 0, 0, 0, 0, ""));
  }

  private SeedRequest goingOn(SeedRequest request) throws SQLException, InterruptedException {
    SeedRequest begun = interrupted().orElse(request);
    if (request.namesSource() && !request.isOfTheSourceOf(begun)) {
      throw Problem.NOTHING_TO_RESUME.because(
          "The load to go on with is of %s, not of %s: leave the source out, or load anew, without"
              + " --resume",
          begun.source(), request.source());
    }
    return begun;
  }

  private static SeedProgress progress(RunLog.Entry entry) {
    SeedProgress.Phase phase =
        switch (entry.state()) {
          case "loading" ->
              entry.isRunning() ? SeedProgress.Phase.LOADING : SeedProgress.Phase.INTERRUPTED;
          case "done" -> SeedProgress.Phase.DONE;
          case "cancelled" -> SeedProgress.Phase.CANCELLED;
          default -> SeedProgress.Phase.FAILED;
        };
    Tally tally = entry.tally();
    return new SeedProgress(
        entry.number(),
        phase,
        tally.loaded(),
        entry.total(),
        entry.total() > 0 ? Math.min(1, (double) tally.loaded() / entry.total()) : -1,
        tally.rejected(),
        tally.bytes(),
        entry.elapsedMs() == 0 ? 0 : tally.loaded() * 1_000 / entry.elapsedMs(),
        entry.elapsedMs(),
        "");
  }

  /** Opened before anything is changed, as it may not be there. */
  private Records records(SeedRequest request) throws SQLException, IOException {
    ProductParser parser = new ProductParser(rules);
    if (request.fromTable()) {
      return store.table(parser);
    }
    return request.file() == null ? null : SourceFile.open(request.file()).records(parser);
  }

  private static ProductSource source(Target.Begun begun, Records records) {
    SeedRequest request = begun.request();
    IntPredicate done = begun.chunks()::contains;
    int batch = begun.batch();
    if (records != null) {
      return new SingleReaderSource(records, begun.streams(), batch, done);
    }
    SampleCatalogue samples = SampleCatalogue.read();
    return new GeneratedSource(
        request.samples() ? samples.products() : List.of(),
        new GeneratedItems(samples, request.randomSeed()),
        request.firstId(),
        request.rows(),
        batch,
        done);
  }
}
