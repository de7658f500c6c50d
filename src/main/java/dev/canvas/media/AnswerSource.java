package dev.canvas.media;

/** Where the answer to a read came from. */
public enum AnswerSource {
  /** This process had it in its own memory. */
  NEAR(true, false, "near"),
  /** Redis had it. */
  REDIS(true, false, "redis"),
  /** Redis was asked and did not have it; Postgres answered. */
  POSTGRES(false, false, "postgres"),
  /** Redis was out of reach and not asked; Postgres answered. */
  POSTGRES_BYPASS(false, true, "postgres"),
  /** Redis was asked and did not have it; CouchDB answered. */
  COUCHDB(false, false, "couchdb"),
  /** Redis was out of reach and not asked; CouchDB answered. */
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

  /** The same store, answering while the cache was not asked. */
  public AnswerSource bypass() {
    return this == COUCHDB ? COUCHDB_BYPASS : POSTGRES_BYPASS;
  }

  /** Whether the cache was not asked at all. */
  public boolean isBypass() {
    return bypass;
  }

  /**
   * The name of the part that answered: {@code near}, {@code redis}, {@code postgres}, {@code
   * couchdb}.
   */
  public String tier() {
    return tier;
  }
}
