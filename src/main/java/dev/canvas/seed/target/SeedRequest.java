package dev.canvas.seed.target;

import dev.canvas.media.Problem;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says what to load, and how. Immutable.
 *
 * @param rows products to generate; 0 for another source
 * @param file to read, on the machine that runs the load; null for another source
 * @param fromTable whether to read the first service's table {@code shoe_images}
 * @param firstId the first generated product
 * @param samples whether to load the sample catalogue before the generated products
 * @param randomSeed determines the media of the generated products
 * @param truncate whether to replace the whole catalogue
 * @param onConflict what to do with products that the store already holds
 * @param batch products in a chunk; 0 for the default
 * @param maxErrors invalid records that the run tolerates. A resumed run tolerates the larger of
 *     this and the number it began with
 * @param keepGood whether a product with invalid items is loaded without them, and not refused
 * @param resume whether to resume the last run. All else but {@code maxErrors} stays as that run
 *     began; a source may be named only if it is the same
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
    boolean keepGood,
    boolean resume) {

  /** The file that stands for standard input. */
  public static final String STANDARD_INPUT = "/dev/stdin";

  private static final int MAX_BATCH = 1_000_000;

  private static final long MAX_ROWS = 1L << 40;
  private static final long MAX_FIRST_ID = 1L << 50;
  private static final long DEFAULT_MAX_ERRORS = 100;
  private static final int TRUNCATE_BATCH = 50_000;

  /** Small, because other writers wait for the rows of a batch until it is committed. */
  private static final int MERGE_BATCH = 2_000;

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
          "keep_good",
          "resume");

  /** What to do with a product that the store already holds. */
  public enum OnConflict {
    /** Keep the stored media. */
    KEEP,
    /** Replace the stored media; the last record of the source wins. */
    REPLACE,
    /** Fail the run. */
    REFUSE;

    /** The value of the option and of the JSON member. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Requests generated products. Products that the store already holds stay as they are. */
  public static SeedRequest generate(long firstId, long rows) {
    return new SeedRequest(
        rows,
        null,
        false,
        firstId,
        false,
        1,
        false,
        OnConflict.KEEP,
        0,
        DEFAULT_MAX_ERRORS,
        false,
        false);
  }

  /** Requests the sample catalogue, followed by generated products, for an empty store. */
  public static SeedRequest samples(long firstId, long rows) {
    return new SeedRequest(
        rows,
        null,
        false,
        firstId,
        true,
        1,
        true,
        OnConflict.REPLACE,
        0,
        DEFAULT_MAX_ERRORS,
        false,
        false);
  }

  /** Requests to resume the last load. */
  public static SeedRequest resumeLast() {
    return new SeedRequest(0, null, false, 1, false, 1, false, OnConflict.KEEP, 0, 0, false, true);
  }

  /** The batch, or the default of a Postgres store if none is given. */
  public int batchOrDefault() {
    return batch > 0 ? batch : truncate ? TRUNCATE_BATCH : MERGE_BATCH;
  }

  /**
   * The file for invalid records: beside the source file, or in the working directory if there is
   * none.
   */
  public Path rejectsFile() {
    boolean standardInput = STANDARD_INPUT.equals(file);
    return Path.of((file == null ? "shoe_images" : standardInput ? "stdin" : file) + ".rejects");
  }

  /** The request as it crosses the event bus. */
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
        .put("keep_good", keepGood)
        .put("resume", resume);
  }

  /**
   * Reads what {@link #toJson} writes. All members except the source are optional.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}, which names the
   *     invalid member
   */
  public static SeedRequest of(JsonObject json) {
    for (String member : json.fieldNames()) {
      if (!MEMBERS.contains(member)) {
        throw Problem.MALFORMED_REQUEST.because(
            "Unknown member '%s': expected one of %s",
            member, String.join(", ", new TreeSet<>(MEMBERS)));
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
              json.getLong("max_errors", resume ? 0 : DEFAULT_MAX_ERRORS),
              json.getBoolean("keep_good", false),
              resume)
          .validated();
    } catch (ClassCastException | NullPointerException wrongType) {
      throw Problem.MALFORMED_REQUEST.because(
          "A member of the request has the wrong type: expected a request such as %s",
          generate(1, 1_000).toJson().encode());
    }
  }

  /**
   * Returns this request if it is valid.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}
   */
  public SeedRequest validated() {
    checkRange("rows", rows, MAX_ROWS);
    checkRange("first_id", firstId, MAX_FIRST_ID);
    checkRange("batch", batch, MAX_BATCH);
    checkRange("max_errors", maxErrors, Long.MAX_VALUE);
    int sources = (rows > 0 || samples ? 1 : 0) + (file != null ? 1 : 0) + (fromTable ? 1 : 0);
    if (sources > 1 || (sources == 0 && !resume)) {
      throw Problem.MALFORMED_REQUEST.because(
          "Expected one source: a number of rows, a file, or the table");
    }
    return this;
  }

  private static void checkRange(String member, long value, long max) {
    if (value < 0 || value > max) {
      throw Problem.MALFORMED_REQUEST.because(
          "%s %d: expected a number from 0 to %d", member, value, max);
    }
  }

  /** Whether the request names a source. */
  public boolean namesSource() {
    return rows != 0 || samples || file != null || fromTable;
  }

  /** Whether another request names the same source. */
  public boolean hasSameSourceAs(SeedRequest other) {
    return rows == other.rows
        && samples == other.samples
        && fromTable == other.fromTable
        && Objects.equals(file, other.file);
  }

  /** The source, for a message. */
  public String describeSource() {
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
