package peer;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.KeyValue;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

/** Reads through Caffeine and Redis, and deletes from both after a write. */
@Service
class MediaCache {

  /** How old a document may be that another node has written meanwhile. */
  private static final Duration STALENESS = Duration.ofMillis(200);

  private static final int MAX_DOCUMENTS = 40_000;
  private static final long REDIS_SECONDS = 86_400;
  private static final String PREFIX = "media:";

  private final AsyncCache<Long, Document> documents =
      Caffeine.newBuilder().maximumSize(MAX_DOCUMENTS).expireAfterWrite(STALENESS).buildAsync();
  private final RedisAsyncCommands<String, byte[]> redis;
  private final MediaStore store;

  MediaCache(RedisAsyncCommands<String, byte[]> redis, MediaStore store) {
    this.redis = redis;
    this.store = store;
  }

  /** One document; null if there is none. Reads of one product at the same time are one. */
  CompletableFuture<Document> read(long productId) {
    return documents.get(productId, (id, executor) -> load(id));
  }

  /** The documents that there are. */
  CompletableFuture<Map<Long, Document>> read(List<Long> productIds) {
    return documents.getAll(productIds, (missing, executor) -> load(missing));
  }

  /** Replaces the media of a product; its document. */
  Mono<Document> write(long productId, String media) {
    return store
        .write(productId, media)
        .delayUntil(
            written -> {
              documents.synchronous().invalidate(productId);
              return Mono.fromCompletionStage(redis.del(PREFIX + productId));
            });
  }

  private CompletableFuture<Document> load(long id) {
    return redis
        .get(PREFIX + id)
        .<Document>thenCompose(
            value ->
                value != null
                    ? CompletableFuture.completedFuture(Document.fromRedis(value))
                    : loadFromStore(List.of(id)).thenApply(found -> found.get(id)))
        .toCompletableFuture();
  }

  private CompletableFuture<Map<Long, Document>> load(Collection<? extends Long> ids) {
    List<Long> wanted = new ArrayList<>(ids);
    return redis
        .mget(wanted.stream().map(id -> PREFIX + id).toArray(String[]::new))
        .thenCompose(values -> completed(wanted, values))
        .toCompletableFuture();
  }

  private CompletionStage<Map<Long, Document>> completed(List<Long> ids, List<KeyValue<String, byte[]>> values) {
    Map<Long, Document> found = new HashMap<>();
    List<Long> missing = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (values.get(i).hasValue()) {
        found.put(ids.get(i), Document.fromRedis(values.get(i).getValue()));
      } else {
        missing.add(ids.get(i));
      }
    }
    if (missing.isEmpty()) {
      return CompletableFuture.completedFuture(found);
    }
    return loadFromStore(missing)
        .thenApply(
            loaded -> {
              found.putAll(loaded);
              return found;
            });
  }

  private CompletableFuture<Map<Long, Document>> loadFromStore(List<Long> ids) {
    return store
        .read(ids)
        .doOnNext(one -> redis.setex(PREFIX + one.id(), REDIS_SECONDS, one.document().toRedis()))
        .collectMap(MediaStore.Found::id, MediaStore.Found::document)
        .toFuture();
  }
}
