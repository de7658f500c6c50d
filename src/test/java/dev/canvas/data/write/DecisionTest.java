package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.Row;
import dev.canvas.media.Change;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of products whose media were written by SQL, and are not what Canvas writes. */
class DecisionTest {

  private static final ProductId GOOD = new ProductId(1);
  private static final ProductId BAD = new ProductId(2);

  private final List<PendingWrite> failed = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "7", "null", "[1]", "[{\"type\":null}]"})
  void aMalformedRowFailsAlone(String stored) {
    List<PendingWrite> writes =
        List.of(
            new PendingWrite(new Change.Order(GOOD, List.of(), Precondition.NONE)),
            new PendingWrite(new Change.Order(BAD, List.of(), Precondition.NONE)),
            new PendingWrite(new Change.Replace(GOOD, List.of(), Precondition.NONE)));
    List<Decision> unchanged = new ArrayList<>();
    List<Decision> decisions =
        Decision.decideAll(
            writes,
            List.of(row(GOOD, "[]"), row(BAD, stored), row(GOOD, "[]")),
            () -> 1_000,
            failed::add,
            unchanged::add);
    assertEquals(2, decisions.size() + unchanged.size());
    assertEquals(List.of(writes.get(1)), failed);
    ProblemException problem =
        assertInstanceOf(ProblemException.class, writes.get(1).answer().future().cause());
    assertEquals(Problem.UNREADABLE_MEDIA, problem.problem());
    assertTrue(problem.getMessage().contains("product 2 "), problem.getMessage());
  }

  @Test
  void aMalformedRowIsReplacedOrDeleted() {
    List<Change> changes =
        List.of(
            new Change.Replace(BAD, List.of(), Precondition.NONE),
            new Change.Import(BAD, List.of(), Precondition.NONE),
            new Change.Delete(BAD, Precondition.NONE));
    for (Change change : changes) {
      List<Decision> decisions =
          Decision.decideAll(
              List.of(new PendingWrite(change)),
              List.of(row(BAD, "{\"a\":1}")),
              () -> 1_000,
              failed::add,
              unchanged -> {});
      assertEquals(1, decisions.size(), change.toString());
    }
    assertEquals(List.of(), failed);
  }

  private static Row row(ProductId productId, String items) {
    return new Row(
        productId, 9, Optional.of(ProductMedia.splice(productId, 9, Buffer.buffer(items))));
  }
}
