package dev.canvas.media;

import static java.util.stream.Collectors.joining;

import java.util.Set;

/**
 * The condition on a product's state under which a change is made: If-Match and If-None-Match of
 * RFC 9110, section 13.1. Immutable.
 *
 * @param kind what is required
 * @param versions for {@link Kind#VERSION}, the versions that are accepted
 */
public record Precondition(Kind kind, Set<Long> versions) {

  /** What is required of the product. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** It has no media: {@code If-None-Match: *}. */
    ABSENT,
    /** It has media, at any version: {@code If-Match: *}. */
    PRESENT,
    /** It has media, at one of the given versions. */
    VERSION
  }

  /** The change is made in any state. */
  public static final Precondition NONE = new Precondition(Kind.NONE, Set.of());

  /** The product must not have media. */
  public static final Precondition ABSENT = new Precondition(Kind.ABSENT, Set.of());

  /** The product must have media. */
  public static final Precondition PRESENT = new Precondition(Kind.PRESENT, Set.of());

  /** Copies the versions. */
  public Precondition {
    versions = Set.copyOf(versions);
  }

  /** The product must have media at one of these versions. */
  public static Precondition version(Set<Long> versions) {
    return new Precondition(Kind.VERSION, versions);
  }

  private String versionsText() {
    String listed = versions.stream().sorted().map(String::valueOf).collect(joining(", "));
    return switch (versions.size()) {
      case 0 ->
          "a version that no entity tag names: a weak tag (W/\"…\") and one with a suffix of a"
              + " proxy (\"…-gzip\") match no version, send \"VERSION\" alone";
      case 1 -> "version " + listed;
      default -> "one of the versions " + listed;
    };
  }

  /**
   * Checks the condition.
   *
   * @param version the product's newest version, also if that is a tombstone; 0 if it never had
   *     media
   * @param present whether the product has media
   * @throws ProblemException {@link Problem#PRECONDITION_FAILED} if the condition does not hold
   */
  public void check(ProductId productId, long version, boolean present) {
    boolean holds =
        switch (kind) {
          case NONE -> true;
          case ABSENT -> !present;
          case PRESENT -> present;
          case VERSION -> present && versions.contains(version);
        };
    if (!holds) {
      throw Problem.PRECONDITION_FAILED.because(
          "Product %s %s, but the request requires %s: read the product again, then retry",
          productId,
          present ? "is at version " + version : "has no media",
          switch (kind) {
            case ABSENT -> "a product without media";
            case VERSION -> versionsText();
            default -> "a product with media";
          });
    }
  }
}
