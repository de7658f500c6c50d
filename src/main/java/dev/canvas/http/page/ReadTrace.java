package dev.canvas.http.page;

import dev.canvas.media.AnswerSource;
import java.util.List;
import java.util.Locale;

/**
 * A read, as the product page shows it: which tiers were asked, which answered, and how long it
 * took. Immutable.
 *
 * @param source what answered
 * @param nanos from the question to the answer, in nanoseconds, the way over the event bus included
 */
record ReadTrace(AnswerSource source, long nanos) {

  /** What a tier did for a read; its name in lower case is the page's word for it. */
  enum Part {
    /** It had the media. */
    ANSWERED,
    /** It was asked and did not have them. */
    MISSED,
    /** It was not asked. */
    PASSED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One tier on the way of a read. Immutable.
   *
   * @param tier its name in Cache-Status
   * @param name what people call it
   * @param part what it did
   */
  record Step(String tier, String name, Part part) {}

  /** The tiers in the order in which they are asked. */
  List<Step> steps() {
    boolean near = source == AnswerSource.NEAR;
    boolean redis = source == AnswerSource.REDIS;
    Part cache = near ? Part.PASSED : redis ? Part.ANSWERED : Part.MISSED;
    boolean couch = source.tier().equals("couchdb");
    return List.of(
        new Step("near", "Memory", near ? Part.ANSWERED : beside(Part.MISSED)),
        new Step("redis", "Redis", beside(cache)),
        new Step(
            couch ? "couchdb" : "postgres",
            couch ? "CouchDB" : "Postgres",
            source.isCached() ? Part.PASSED : Part.ANSWERED));
  }

  /** Neither cache is believed while Redis is away. */
  private Part beside(Part part) {
    return source.isBypass() ? Part.PASSED : part;
  }

  /** How long it took: {@code 0.42 ms}. */
  String took() {
    return milliseconds(nanos);
  }

  static String milliseconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
