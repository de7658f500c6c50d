package dev.canvas.http;

import static org.awaitility.Awaitility.await;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.ChangeResult;
import dev.canvas.media.ItemsJson;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A media service that keeps its products in a map and fails on cue. Thread-safe. */
public final class FakeMediaService implements MediaService {

  private final ConcurrentSkipListMap<ProductId, ProductMedia> products =
      new ConcurrentSkipListMap<>();
  private final List<Change> changes = new CopyOnWriteArrayList<>();
  private final AtomicLong versions = new AtomicLong(1);
  private final AtomicLong itemIds = new AtomicLong(1_000);
  private final AtomicLong reads = new AtomicLong();
  private volatile AnswerSource source = AnswerSource.REDIS;
  private volatile Problem problem;
  private volatile Promise<Void> held;
  private volatile long brokenFrom = Long.MAX_VALUE;
  private volatile long lastPageNanos;

  /** Sets the media of a product: its items as a document has them. */
  public FakeMediaService put(long productId, JsonObject... items) {
    Buffer array = new JsonArray(List.of(items)).toBuffer();
    ProductId id = new ProductId(productId);
    products.put(id, ProductMedia.splice(id, 1, array));
    return this;
  }

  /** Sets the media of a product to JSON that SQL may have written. */
  public FakeMediaService putRaw(long productId, String items) {
    ProductId id = new ProductId(productId);
    products.put(id, ProductMedia.splice(id, 1, Buffer.buffer(items)));
    return this;
  }

  /** Sets the source of all later answers. */
  public void answerFrom(AnswerSource where) {
    source = where;
  }

  /** Makes all later requests fail with a problem; null ends that. */
  public void failWith(Problem kind) {
    problem = kind;
  }

  /** The number of reads of single products. */
  public long reads() {
    return reads.get();
  }

  /** Removes all products and cues. */
  public void reset() {
    products.clear();
    changes.clear();
    versions.set(1);
    itemIds.set(1_000);
    source = AnswerSource.REDIS;
    problem = null;
    held = null;
    brokenFrom = Long.MAX_VALUE;
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    reads.incrementAndGet();
    return answer(() -> lookup(productId));
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    return answer(() -> productIds.stream().map(this::lookup).toList());
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    lastPageNanos = System.nanoTime();
    if (from.value() >= brokenFrom) {
      return Future.failedFuture(Problem.INTERNAL.because("On cue"));
    }
    return answer(
        () -> products.tailMap(from).keySet().stream().limit(limit).map(this::lookup).toList());
  }

  @Override
  public Future<Written> write(Change change) {
    return answer(() -> written(change));
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> bulk) {
    List<Future<Outcome>> made = bulk.stream().map(this::outcome).toList();
    Promise<Void> gate = held;
    return (gate == null ? Future.succeededFuture() : gate.future())
        .map(open -> made.stream().map(Future::result).toList());
  }

  /** Makes all later pages from that product on fail. */
  public void failPagesFrom(long productId) {
    brokenFrom = productId;
  }

  /** Waits until no page has been requested for longer than the stall timeout. */
  public void awaitQuietPages() {
    await().until(() -> System.nanoTime() - lastPageNanos > 4_000_000_000L);
  }

  /** Makes later bulk writes complete only when the gate is completed. */
  public Promise<Void> holdBulks() {
    held = Promise.promise();
    return held;
  }

  private Future<Outcome> outcome(Change change) {
    return write(change)
        .<Outcome>map(Outcome.Made::of)
        .otherwise(failure -> Outcome.Refused.because(failure));
  }

  /** The changes that were accepted. */
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  private synchronized Written written(Change change) {
    ProductId id = change.productId();
    Optional<ProductMedia> before = Optional.ofNullable(products.get(id));
    change
        .precondition()
        .check(id, before.map(ProductMedia::version).orElse(0L), before.isPresent());
    ChangeResult<List<MediaItem>> edit =
        change.applyTo(before.map(ProductMedia::items), itemIds::getAndIncrement);
    changes.add(change);
    if (before.isPresent() && before.map(ProductMedia::items).equals(edit.items())) {
      long version = before.get().version();
      return new Written(id, version, Written.Effect.UNCHANGED, before, edit.itemId());
    }
    long version = versions.incrementAndGet();
    Optional<ProductMedia> after =
        edit.items().map(items -> ProductMedia.splice(id, version, ItemsJson.encode(items)));
    after.ifPresentOrElse(media -> products.put(id, media), () -> products.remove(id));
    Written.Effect effect =
        after.isEmpty()
            ? Written.Effect.DELETED
            : before.isEmpty() ? Written.Effect.CREATED : Written.Effect.CHANGED;
    return new Written(id, version, effect, after, edit.itemId());
  }

  private Lookup lookup(ProductId productId) {
    ProductMedia media = products.get(productId);
    return media == null ? Lookup.absent(source, productId) : Lookup.found(source, media);
  }

  private <T> Future<T> answer(Supplier<T> value) {
    Problem cue = problem;
    try {
      return cue == null
          ? Future.succeededFuture(value.get())
          : Future.failedFuture(cue.because("On cue"));
    } catch (ProblemException refused) {
      return Future.failedFuture(refused);
    }
  }
}
