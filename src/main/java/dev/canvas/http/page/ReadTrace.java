package dev.canvas.http.page;

import dev.canvas.media.AnswerSource;
import java.util.List;
import java.util.Locale;

/**
 * How a read went, for the panel on product pages: which tiers were asked, which one answered, and
 * how long it took. Immutable.
 *
 * @param source the tier that answered
 * @param nanos the duration in nanoseconds, including the event bus
 */
record ReadTrace(AnswerSource source, long nanos) {

  /** The role of a tier in a read. */
  enum Role {
    /** The tier had the media. */
    ANSWERED("answered"),
    /** The tier was asked and did not have the media. */
    MISSED("missed"),
    /** The tier was not asked. */
    SKIPPED("not asked");

    private final String words;

    Role(String words) {
      this.words = words;
    }

    /** What the page says. */
    String words() {
      return words;
    }

    /** The value of the page's attribute for it. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One tier and its role in the read. Immutable.
   *
   * @param tier its name in Cache-Status
   * @param name its name for people
   * @param role what it did
   */
  record Step(String tier, String name, Role role) {}

  /** The tiers, in the order in which they are asked. */
  List<Step> steps() {
    boolean near = source == AnswerSource.NEAR;
    boolean redis = source == AnswerSource.REDIS;
    Role cache = near ? Role.SKIPPED : redis ? Role.ANSWERED : Role.MISSED;
    boolean couch = source.tier().equals("couchdb");
    return List.of(
        new Step("near", "Memory", near ? Role.ANSWERED : unlessBypassed(Role.MISSED)),
        new Step("redis", "Redis", unlessBypassed(cache)),
        new Step(
            couch ? "couchdb" : "postgres",
            couch ? "CouchDB" : "Postgres",
            source.isCached() ? Role.SKIPPED : Role.ANSWERED));
  }

  /** While Redis is unreachable, neither cache is used. */
  private Role unlessBypassed(Role role) {
    return source.isBypass() ? Role.SKIPPED : role;
  }

  /** The duration, such as {@code 0.42 ms}. */
  String duration() {
    return milliseconds(nanos);
  }

  /** Formats a duration, such as {@code 0.42 ms}. */
  static String milliseconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
