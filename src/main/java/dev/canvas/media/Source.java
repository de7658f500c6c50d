package dev.canvas.media;

/** Where the answer to a read came from. */
public enum Source {
  /** This process had it in its own memory. */
  NEAR(true, false, "near"),
  /** Redis had it. */
  REDIS(true, false, "redis"),
  /** Redis was asked and did not have it; Postgres answered. */
  POSTGRES(false, false, "postgres"),
  /** Redis was out of reach and not asked; Postgres answered. */
  POSTGRES_BYPASS(false, true, "postgres");

  private final boolean cached;
  private final boolean bypass;
  private final String tier;

  Source(boolean cached, boolean bypass, String tier) {
    this.cached = cached;
    this.bypass = bypass;
    this.tier = tier;
  }

  /** Whether a cache answered. */
  public boolean isCached() {
    return cached;
  }

  /** Whether the cache was not asked at all. */
  public boolean isBypass() {
    return bypass;
  }

  /** The name of the part that answered: {@code near}, {@code redis}, {@code postgres}. */
  public String tier() {
    return tier;
  }
}
