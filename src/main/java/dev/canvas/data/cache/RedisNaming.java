package dev.canvas.data.cache;

import dev.canvas.data.cache.RepairPermit.Kind;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store's record of the Redis that may be trusted. That is the one which the relay
 * reaches and which accepts its repairs. If it is another one than last time, or the same one after
 * it was restarted, demoted or refused a repair, the trust is ended first, and the next Redis is
 * named only when no node can trust the last one any more; under a new generation, so that nothing
 * that was cached before is ever read. Belongs to one event loop. See {@code
 * docs/adr/0029-one-trusted-redis.md}.
 */
public final class RedisNaming implements RepairPermits {

  private static final Logger LOG = LoggerFactory.getLogger(RedisNaming.class);

  private static final String ENDED = "its generation has ended";

  private final RedisCache cache;
  private final CacheTrust trust;

  /** The generation without a Redis that was seen first at {@code unsettledNanos}. */
  private long unsettled = -1;

  private long unsettledNanos;

  /**
   * @param cache of the relay
   */
  public RedisNaming(RedisCache cache, CacheTrust trust) {
    this.cache = cache;
    this.trust = trust;
  }

  @Override
  public boolean isGivenWithoutRedis() {
    return trust.isKept();
  }

  @Override
  public Future<RepairPermit> ask(boolean changesWait) {
    if (!trust.isKept()) {
      Generation generation = cache.generation();
      return permit(generation == null ? Kind.WAIT : Kind.REPAIR, generation);
    }
    return trust.generation().compose(generation -> decide(generation, changesWait));
  }

  @Override
  public Future<Void> onRefusal(Throwable refusal) {
    LOG.info("Redis refused a repair ({}); no node trusts it from now on", refusal.getMessage());
    return trust.distrust().onSuccess(now -> cache.renew(ENDED)).mapEmpty();
  }

  private Future<RepairPermit> decide(Generation generation, boolean changesWait) {
    String server = cache.server();
    if (server != null && cache.generation().number() != generation.number()) {
      cache.renew("the catalogue has another generation");
      server = null;
    }
    if (generation.redis() == null) {
      return server == null
          ? permit(Kind.PUBLISH, generation)
          : name(new Generation(generation.store(), generation.number(), server));
    }
    if (generation.redis().isEmpty()) {
      return settle(generation);
    }
    if (server == null ? changesWait : !generation.trusts(server)) {
      return end(generation, server).map(ended -> new RepairPermit(Kind.WAIT, generation));
    }
    return permit(server == null ? Kind.WAIT : Kind.REPAIR, generation);
  }

  /**
   * What has been read from the outbox was committed before, so the new keys hold nothing older.
   */
  private Future<RepairPermit> name(Generation named) {
    return trust
        .trust(named.number(), named.redis())
        .map(done -> new RepairPermit(done ? Kind.PUBLISH : Kind.WAIT, named));
  }

  private Future<RepairPermit> settle(Generation generation) {
    long now = System.nanoTime();
    if (unsettled != generation.number()) {
      unsettled = generation.number();
      unsettledNanos = now;
    } else if (now - unsettledNanos >= CacheTrust.EXPIRED.toNanos()) {
      return trust.settle(unsettled).compose(settled -> ask(true));
    }
    return permit(Kind.WAIT, generation);
  }

  private Future<Void> end(Generation generation, String server) {
    if (server == null) {
      LOG.info("Generation {} ends: no relay reaches Redis", generation.number());
      return trust.distrust().onSuccess(now -> cache.renew(ENDED)).mapEmpty();
    }
    LOG.info(
        "Redis was started again, or is another one than before, so the cache begins empty"
            + " (generation {} ends)",
        generation.number());
    return trust.distrust().onSuccess(now -> cache.beginAnew(ENDED)).mapEmpty();
  }

  private static Future<RepairPermit> permit(Kind kind, Generation generation) {
    return Future.succeededFuture(new RepairPermit(kind, generation));
  }
}
