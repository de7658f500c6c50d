package dev.canvas.seed;

import dev.canvas.media.Problem;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * What is to be loaded, and how. Immutable.
 *
 * @param rows products to generate; 0 where they come from elsewhere
 * @param file to read, on the machine of the seeder; null where they come from elsewhere
 * @param fromTable whether the first service's table {@code shoe_images} is to be read
 * @param firstId of the generated products
 * @param samples whether the sample catalogue goes before them
 * @param randomSeed what the generated products are made from
 * @param truncate whether they are to replace all that is there
 * @param onConflict what becomes of those that are there already
 * @param batch products that go in together; 0 for what suits
 * @param maxErrors rejects that the run outlives; one that goes on outlives as many as it was begun
 *     with, or these if they are more
 * @param resume whether the last run is to go on; a source that is named has to be its own, and all
 *     else but the rejects is as it was begun
 */
public record SeedRequest(
    long rows,
    String file,
    boolean fromTable,
    long firstId,
    boolean samples,
    long randomSeed,
    boolean truncate,
    OnConflict onConflict,
    int batch,
    long maxErrors,
    boolean resume) {

  /** The most products that go in together. */
  public static final int MAX_BATCH = 1_000_000;

  private static final long MAX_ROWS = 1L << 40;
  private static final long MAX_FIRST_ID = 1L << 50;
  private static final long USUAL_ERRORS = 100;
  private static final int BATCH_OF_A_SWAP = 50_000;

  /** Rows are locked until the batch is committed, and writers shall not wait for long. */
  private static final int BATCH_BESIDE_WRITERS = 2_000;

  private static final Set<String> MEMBERS =
      Set.of(
          "rows",
          "file",
          "from_table",
          "first_id",
          "samples",
          "random_seed",
          "truncate",
          "on_conflict",
          "batch",
          "max_errors",
          "resume");

  /** What becomes of a product that is there already. */
  public enum OnConflict {
    /** It stays as it is. */
    KEEP,
    /** It gets the new media; the last one of the source counts. */
    REPLACE,
    /** The run fails. */
    REFUSE;

    /** The word for it in commands and messages. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A request to generate products beside those that are there, which stay. */
  public static SeedRequest generate(long firstId, long rows) {
    return new SeedRequest(
        rows, null, false, firstId, false, 1, false, OnConflict.KEEP, 0, USUAL_ERRORS, false);
  }

  /**
   * A request to load the sample catalogue, and generated products after it, into an empty store.
   */
  public static SeedRequest samples(long firstId, long rows) {
    return new SeedRequest(
        rows, null, false, firstId, true, 1, true, OnConflict.REPLACE, 0, USUAL_ERRORS, false);
  }

  /** A request to go on with the last load. */
  public static SeedRequest goOn() {
    return new SeedRequest(0, null, false, 1, false, 1, false, OnConflict.KEEP, 0, 0, true);
  }

  /** The batch that suits where none is asked for. */
  public int batchOrUsual() {
    return batch > 0 ? batch : truncate ? BATCH_OF_A_SWAP : BATCH_BESIDE_WRITERS;
  }

  /** Where what is rejected is written to: beside the file, or where the seeder was started. */
  public Path rejectsFile() {
    return Path.of((file == null ? "shoe_images" : file) + ".rejects");
  }

  /** As it is sent over the event bus. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("rows", rows)
        .put("file", file)
        .put("from_table", fromTable)
        .put("first_id", firstId)
        .put("samples", samples)
        .put("random_seed", randomSeed)
        .put("truncate", truncate)
        .put("on_conflict", onConflict.text())
        .put("batch", batch)
        .put("max_errors", maxErrors)
        .put("resume", resume);
  }

  /**
   * Reads what {@link #toJson} wrote; all members but the source may be left out.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} naming what is
   *     wrong
   */
  public static SeedRequest of(JsonObject json) {
    for (String member : json.fieldNames()) {
      if (!MEMBERS.contains(member)) {
        throw Problem.MALFORMED_REQUEST.because(
            "'%s' is unknown: expected %s",
            member, String.join(", ", new java.util.TreeSet<>(MEMBERS)));
      }
    }
    try {
      boolean resume = json.getBoolean("resume", false);
      return new SeedRequest(
              json.getLong("rows", 0L),
              json.getString("file"),
              json.getBoolean("from_table", false),
              json.getLong("first_id", 1L),
              json.getBoolean("samples", false),
              json.getLong("random_seed", 1L),
              json.getBoolean("truncate", false),
              onConflict(json.getString("on_conflict", "replace")),
              json.getInteger("batch", 0),
              json.getLong("max_errors", resume ? 0 : USUAL_ERRORS),
              resume)
          .checked();
    } catch (ClassCastException | NullPointerException wrongType) {
      throw Problem.MALFORMED_REQUEST.because(
          "A member of the request has the wrong type: expected such as %s",
          generate(1, 1_000).toJson().encode());
    }
  }

  /**
   * The same, if it makes sense.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}
   */
  public SeedRequest checked() {
    check("rows", rows, MAX_ROWS);
    check("first_id", firstId, MAX_FIRST_ID);
    check("batch", batch, MAX_BATCH);
    check("max_errors", maxErrors, Long.MAX_VALUE);
    int sources = (rows > 0 || samples ? 1 : 0) + (file != null ? 1 : 0) + (fromTable ? 1 : 0);
    if (sources > 1 || (sources == 0 && !resume)) {
      throw Problem.MALFORMED_REQUEST.because(
          "Expected one source: a number of rows, a file, or the table");
    }
    return this;
  }

  private static void check(String member, long value, long most) {
    if (value < 0 || value > most) {
      throw Problem.MALFORMED_REQUEST.because(
          "%s %d: expected a number from 0 to %d", member, value, most);
    }
  }

  /** Whether a source is named. */
  boolean namesSource() {
    return rows != 0 || samples || file != null || fromTable;
  }

  /** Whether another names the same source. */
  boolean isOfTheSourceOf(SeedRequest other) {
    return rows == other.rows
        && samples == other.samples
        && fromTable == other.fromTable
        && Objects.equals(file, other.file);
  }

  /** The source in words. */
  String source() {
    return fromTable
        ? "the table shoe_images"
        : file != null ? "the file " + file : "%d generated products".formatted(rows);
  }

  private static OnConflict onConflict(String text) {
    for (OnConflict each : OnConflict.values()) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    throw Problem.MALFORMED_REQUEST.because(
        "on_conflict '%s': expected keep, replace or refuse", text);
  }
}
