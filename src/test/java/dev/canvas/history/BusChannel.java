package dev.canvas.history;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/** Calls a node in this process over its event bus. Thread-safe. */
final class BusChannel implements Channel {

  private final int node;
  private final MediaService service;
  private final boolean imports;

  /**
   * @param imports whether every third write is a bulk import
   */
  BusChannel(int node, MediaService service, boolean imports) {
    this.node = node;
    this.service = service;
    this.imports = imports;
  }

  @Override
  public int node() {
    return node;
  }

  @Override
  public Future<Answer> read(long product) {
    return service
        .get(new ProductId(product))
        .map(BusChannel::found)
        .otherwise(failure -> Answer.failed("bus get " + problem(failure)));
  }

  @Override
  public Future<Answer> write(long product, long value) {
    MediaItem item =
        new MediaItem(
            MediaItem.NEW,
            MediaItem.Type.IMAGE,
            Values.url(value),
            "A value",
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of());
    ProductId id = new ProductId(product);
    return imports && value % 3 == 0
        ? bulk(new Change.Import(id, List.of(item), Precondition.NONE))
        : write("bus put", new Change.Replace(id, List.of(item), Precondition.NONE));
  }

  private Future<Answer> bulk(Change change) {
    return service
        .writeAll(List.of(change))
        .map(
            outcomes ->
                outcomes.get(0) instanceof Outcome.Made made
                    ? Answer.done(made.version(), "bus bulk")
                    : failed("bus bulk", ((Outcome.Refused) outcomes.get(0)).problem()));
  }

  @Override
  public Future<Answer> delete(long product) {
    return write("bus delete", new Change.Delete(new ProductId(product), Precondition.NONE));
  }

  private Future<Answer> write(String note, Change change) {
    return service
        .write(change)
        .map(written -> Answer.done(written.version(), note))
        .otherwise(failure -> failed(note, failure));
  }

  private static Answer found(Lookup lookup) {
    String note = "bus get " + lookup.source();
    return lookup
        .media()
        .map(
            media ->
                Answer.found(
                    Values.ofMedia(media.document().toJsonObject().getJsonArray("media")),
                    media.version(),
                    note))
        .orElseGet(() -> Answer.absent(note));
  }

  private static Answer failed(String note, Throwable failure) {
    Problem problem = problem(failure);
    return problem == Problem.OUTCOME_UNKNOWN
        ? Answer.unknown(note + " " + problem)
        : Answer.failed(note + " " + problem);
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof ProblemException known ? known.problem() : Problem.INTERNAL;
  }
}
