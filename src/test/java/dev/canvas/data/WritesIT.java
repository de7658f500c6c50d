package dev.canvas.data;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes, and the reads after them, on two event loops with real servers. */
public class WritesIT {

  private static final ProductId ID = new ProductId(42);

  private final TwoLoops loops = new TwoLoops(false);

  @BeforeEach
  void start() throws Exception {
    loops.start();
  }

  @AfterEach
  void stop() throws Exception {
    loops.close();
  }

  @Test
  void aWriteIsReadAtOnceOnEveryLoop() throws Exception {
    for (int i = 0; i < 200; i++) {
      Written written = loops.write(i % 2, put(ID, "/" + i + ".webp"));
      Lookup lookup = loops.get((i + 1) % 2, ID);
      assertEquals(written.version(), lookup.required().version());
      assertEquals("/" + i + ".webp", lookup.required().items().get(0).url());
    }
  }

  @Test
  void aSingleWriterInstallsAProductThatIsBeingRead() throws Exception {
    loops.write(0, put(ID, "/1.webp"));
    assertEquals(
        AnswerSource.POSTGRES, loops.get(0, ID).source(), "the product has not been read before");
    // If the relay still has to repair the first write, it makes the fence shared, and the writer
    // installs nothing.
    await().until(() -> isRelayed() && loops.get(0, ID).source() == AnswerSource.REDIS);
    Written written = loops.write(0, put(ID, "/2.webp"));
    assertEquals(AnswerSource.REDIS, loops.get(0, ID).source());
    assertEquals(AnswerSource.REDIS, loops.get(1, ID).source());
    assertEquals(written.version(), loops.get(1, ID).required().version());
  }

  @Test
  void aDeletedProductIsGoneAtOnceAndItsVersionsContinue() throws Exception {
    Written created = loops.write(0, put(ID, "/1.webp"));
    assertEquals(Written.Effect.CREATED, created.effect());
    Written deleted = loops.write(1, new Change.Delete(ID, Precondition.NONE));
    assertEquals(Written.Effect.DELETED, deleted.effect());
    assertTrue(loops.get(0, ID).media().isEmpty());
    Written again = loops.write(0, put(ID, "/1.webp"));
    assertEquals(Written.Effect.CREATED, again.effect());
    assertTrue(created.version() < deleted.version());
    assertTrue(deleted.version() < again.version());
    assertFalse(
        created.media().get().items().get(0).id() == again.media().get().items().get(0).id(),
        "item ids are never reused");
  }

  @Test
  void anEqualWriteChangesNothing() throws Exception {
    Written first = loops.write(0, put(ID, "/1.webp"));
    Written second = loops.write(1, put(ID, "/1.webp"));
    assertEquals(Written.Effect.UNCHANGED, second.effect());
    assertEquals(first.version(), second.version());
    assertEquals(first.media(), second.media());
    assertEquals(first.media(), loops.get(0, ID).media());
  }

  @Test
  void writesOfOneTickAreOneCommitAndABadOneFailsAlone() throws Exception {
    List<Change> changes = new ArrayList<>();
    for (long id = 1; id <= 100; id++) {
      changes.add(put(new ProductId(id), "/" + id + ".webp"));
    }
    // A check constraint of the store rejects it, not the service.
    ProductId refused = new ProductId(13);
    loops.database().execute("alter table product_media add check (product_id <> 13)");
    List<Future<Written>> writes = loops.writeAll(0, changes);
    for (int i = 0; i < writes.size(); i++) {
      ProductId id = changes.get(i).productId();
      assertEquals(id.equals(refused), writes.get(i).failed(), id.toString());
    }
    assertEquals("99", loops.database().query("select count(*) from product_media"));
    assertTrue(loops.get(1, refused).media().isEmpty());
    assertEquals("/12.webp", loops.get(1, new ProductId(12)).required().items().get(0).url());
  }

  @Test
  void writesStayFastWhenTheTableGrowsAfterItsPlansWereCached() throws Exception {
    loops.write(0, put(ID, "/1.webp"));
    loops.database().execute("analyze product_media");
    for (int i = 0; i < 10; i++) {
      // After a few executions the server reuses a cached plan.
      loops.write(0, put(ID, "/2-" + i + ".webp"));
    }
    loops
        .database()
        .execute(
            """
            set canvas.loading = on;
            insert into product_media (product_id, media)
            select id, '[]' from generate_series(1000, 300999) id""");
    List<Change> changes = new ArrayList<>();
    for (long id = 2_000; id < 2_128; id++) {
      changes.add(put(new ProductId(id), "/" + id + ".webp"));
    }
    long began = System.nanoTime();
    List<Future<Written>> writes = loops.writeAll(0, changes);
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertEquals(List.of(), writes.stream().filter(Future::failed).map(Future::cause).toList());
    assertTrue(millis < 2_000, millis + " ms; about 20 if each row is looked up");
  }

  @Test
  void concurrentWritesOfOneProductAreSerializedAndNoneIsLost() throws Exception {
    loops.write(0, new Change.Replace(ID, List.of(), Precondition.NONE));
    List<Future<Written>> writes = new ArrayList<>();
    for (int loop = 0; loop < 2; loop++) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        changes.add(
            new Change.Add(
                ID,
                item("/" + loop + "-" + i + ".webp"),
                java.util.OptionalInt.empty(),
                Precondition.NONE));
      }
      writes.addAll(loops.sendAll(loop, changes));
    }
    loops.awaitAll(writes);
    assertEquals(List.of(), writes.stream().filter(Future::failed).map(Future::cause).toList());
    List<MediaItem> items = loops.get(0, ID).required().items();
    assertEquals(10, items.size());
    assertEquals(10, Set.copyOf(items.stream().map(MediaItem::id).toList()).size());
    assertEquals(10, Set.copyOf(writes.stream().map(w -> w.result().version()).toList()).size());
  }

  @Test
  void aWriteWhoseConditionDoesNotHoldChangesNothing() throws Exception {
    Written first = loops.write(0, put(ID, "/1.webp"));
    Change late =
        new Change.Replace(
            ID, List.of(item("/2.webp")), Precondition.version(Set.of(first.version() - 1)));
    ProblemException problem = assertThrows(ProblemException.class, () -> loops.write(1, late));
    assertEquals(Problem.PRECONDITION_FAILED, problem.problem());
    assertEquals(first.version(), loops.get(0, ID).required().version());
  }

  @Test
  void theRelayEmptiesTheOutbox() throws Exception {
    loops.writeAll(
        0,
        LongStream.range(0, 300)
            .mapToObj(id -> put(new ProductId(id), "/" + id + ".webp"))
            .toList());
    await().until(this::isRelayed);
  }

  @Test
  void aWriteBySqlIsReadSoon() throws Exception {
    loops.write(0, put(ID, "/1.webp"));
    assertEquals(AnswerSource.POSTGRES, loops.get(0, ID).source());
    await().until(() -> loops.get(0, ID).source() == AnswerSource.REDIS);
    loops.database().execute("update shoe_images set img1 = '/2.webp' where shoe_id = 42");
    await().until(() -> loops.get(0, ID).required().items().get(0).url().equals("/2.webp"));
    loops.database().execute("delete from shoe_images where shoe_id = 42");
    await().until(() -> loops.get(1, ID).media().isEmpty());
  }

  private boolean isRelayed() {
    return loops.database().query("select count(*) from media_outbox").equals("0");
  }

  public static Change put(ProductId id, String url) {
    return new Change.Replace(id, List.of(item(url)), Precondition.NONE);
  }

  static MediaItem item(String url) {
    return new MediaItem(
        MediaItem.NEW,
        MediaItem.Type.IMAGE,
        url,
        null,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }
}
