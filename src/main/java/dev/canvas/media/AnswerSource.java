package dev.canvas.media;

/**
 * Which part of the system answered a read: a cache or a store, and whether the cache was bypassed.
 */
public enum AnswerSource {
  /** The near cache in the memory of this process. */
  NEAR(true, false, "near"),
  /** Redis. */
  REDIS(true, false, "redis"),
  /** Postgres, after a miss in Redis. */
  POSTGRES(false, false, "postgres"),
  /** Postgres, without asking Redis, because Redis was unreachable or not to be used. */
  POSTGRES_BYPASS(false, true, "postgres"),
  /** CouchDB, after a miss in Redis. */
  COUCHDB(false, false, "couchdb"),
  /** CouchDB, without asking Redis, because Redis was unreachable or not to be used. */
  COUCHDB_BYPASS(false, true, "couchdb");

  private final boolean cached;
  private final boolean bypass;
  private final String tier;

  AnswerSource(boolean cached, boolean bypass, String tier) {
    this.cached = cached;
    this.bypass = bypass;
    this.tier = tier;
  }

  /** Whether a cache answered. */
  public boolean isCached() {
    return cached;
  }

  /** The same store, for an answer that bypassed the cache. */
  public AnswerSource bypass() {
    return this == COUCHDB ? COUCHDB_BYPASS : POSTGRES_BYPASS;
  }

  /** Whether the store answered without the cache being asked. */
  public boolean isBypass() {
    return bypass;
  }

  /**
   * The tier that answered, as headers, metrics and pages name it: near, redis, postgres or
   * couchdb.
   */
  public String tier() {
    return tier;
  }
}
