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

/** Lines of a bulk import that are made together, and their answers. Belongs to one event loop. */
final class BulkChunk {

  private static final int BYTES_AN_ANSWER = 80;

  private record Entry(long line, ProblemException problem) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private int bytes;
  private Buffer answers;

  /** Takes a line that is a change. */
  void add(long line, Change change, int length) {
    entries.add(new Entry(line, null));
    changes.add(change);
    bytes += length;
  }

  /** Takes a line that cannot be made. */
  void refuse(long line, ProblemException problem) {
    entries.add(new Entry(line, problem));
  }

  int lines() {
    return entries.size();
  }

  /** Of the lines that are changes. */
  int bytes() {
    return bytes;
  }

  List<Change> changes() {
    return changes;
  }

  List<ProductId> productIds() {
    return changes.stream().map(Change::productId).toList();
  }

  /** The answers to all lines, one a line, in their order; null until they are known. */
  Buffer answers() {
    return answers;
  }

  /**
   * Makes the answers.
   *
   * @param outcomes of the changes
   * @param statuses is told the status of each line
   */
  void settle(List<Outcome> outcomes, IntConsumer statuses) {
    StringBuilder text = new StringBuilder(entries.size() * BYTES_AN_ANSWER);
    int change = 0;
    for (Entry entry : entries) {
      if (entry.problem != null) {
        statuses.accept(append(text, entry.line, entry.problem));
      } else {
        ProductId productId = changes.get(change).productId();
        statuses.accept(append(text, entry.line, productId, outcomes.get(change++)));
      }
    }
    answers = Buffer.buffer(text.toString());
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
    text.append(answer(line, problem)).append('\n');
    return problem.problem().status();
  }

  /** The problem details object (RFC 9457) of a line. */
  static String answer(long line, ProblemException problem) {
    JsonObject answer = new JsonObject().put("line", line);
    JsonObject details = problem.toJson();
    // First, as in the answer of a line that is made.
    Object productId = details.remove("product_id");
    if (productId != null) {
      answer.put("product_id", productId);
    }
    return answer.mergeIn(details).encode();
  }

  /** A line that is longer than any may be. */
  static ProblemException tooLong() {
    return Problem.CONTENT_TOO_LARGE.because(
        "The line is longer than %d bytes, the most that is read", NdjsonLines.MAX_LINE);
  }
}
