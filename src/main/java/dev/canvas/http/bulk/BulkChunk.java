package dev.canvas.http.bulk;

import dev.canvas.media.Change;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Lines of a bulk import that are written together, and their results. Not thread-safe: confined to
 * one event loop.
 */
final class BulkChunk {

  /** The usual length of a result line. */
  private static final int RESULT_BYTES = 80;

  private record Entry(long line, ProblemException problem) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private int bytes;
  private Buffer results;

  /** Adds a valid line. */
  void add(long line, Change change, int length) {
    entries.add(new Entry(line, null));
    changes.add(change);
    bytes += length;
  }

  /** Adds an invalid line. */
  void addInvalid(long line, ProblemException problem) {
    entries.add(new Entry(line, problem));
  }

  int lines() {
    return entries.size();
  }

  /** The length of the valid lines. */
  int bytes() {
    return bytes;
  }

  List<Change> changes() {
    return changes;
  }

  List<ProductId> productIds() {
    return changes.stream().map(Change::productId).toList();
  }

  /** One result per line, in the order of the lines; null until {@link #complete}. */
  Buffer results() {
    return results;
  }

  /**
   * Builds the results.
   *
   * @param outcomes one per change, in the same order
   * @param statuses receives the status of each line
   */
  void complete(List<Outcome> outcomes, IntConsumer statuses) {
    StringBuilder text = new StringBuilder(entries.size() * RESULT_BYTES);
    int change = 0;
    for (Entry entry : entries) {
      if (entry.problem != null) {
        statuses.accept(append(text, entry.line, entry.problem));
      } else {
        ProductId productId = changes.get(change).productId();
        statuses.accept(append(text, entry.line, productId, outcomes.get(change++)));
      }
    }
    results = Buffer.buffer(text.toString());
    changes.clear();
  }

  private static int append(StringBuilder text, long line, ProductId productId, Outcome outcome) {
    if (outcome instanceof Outcome.Made made) {
      int status = made.effect() == Written.Effect.CREATED ? 201 : 200;
      text.append("{\"line\":").append(line).append(",\"product_id\":").append(productId.value());
      text.append(",\"status\":").append(status).append(",\"version\":").append(made.version());
      text.append("}\n");
      return status;
    }
    ProblemException problem = ((Outcome.Refused) outcome).problem();
    return append(text, line, problem.with("product_id", productId.value()));
  }

  private static int append(StringBuilder text, long line, ProblemException problem) {
    text.append(result(line, problem)).append('\n');
    return problem.problem().status();
  }

  /** The result of a line that failed: a problem details object (RFC 9457) with its number. */
  static String result(long line, ProblemException problem) {
    JsonObject result = new JsonObject().put("line", line);
    JsonObject details = problem.toJson();
    // First, as in the result of a successful line.
    Object productId = details.remove("product_id");
    if (productId != null) {
      result.put("product_id", productId);
    }
    return result.mergeIn(details).encode();
  }

  /** The problem of a line that is too long. */
  static ProblemException tooLong() {
    return Problem.CONTENT_TOO_LARGE.because(
        "The line is longer than %d bytes, the limit of a line", NdjsonLines.MAX_LINE);
  }
}
