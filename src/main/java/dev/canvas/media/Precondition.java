package dev.canvas.media;

import java.util.Set;

/**
 * What has to hold of a product for a change to be made: If-Match and If-None-Match of RFC 9110,
 * section 13.1. Immutable.
 *
 * @param kind what is asked
 * @param versions for {@link Kind#VERSION}, those of which one has to be the product's
 */
public record Precondition(Kind kind, Set<Long> versions) {

  /** What is asked of the product. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** It has no media: {@code If-None-Match: *}. */
    ABSENT,
    /** It has media, whichever: {@code If-Match: *}. */
    PRESENT,
    /** It has media, at one of some versions. */
    VERSION
  }

  /** Nothing is asked. */
  public static final Precondition NONE = new Precondition(Kind.NONE, Set.of());

  /** The product has to be without media. */
  public static final Precondition ABSENT = new Precondition(Kind.ABSENT, Set.of());

  /** The product has to have media. */
  public static final Precondition PRESENT = new Precondition(Kind.PRESENT, Set.of());

  /** Copies the versions. */
  public Precondition {
    versions = Set.copyOf(versions);
  }

  /** The product has to be at one of these versions. */
  public static Precondition version(Set<Long> versions) {
    return new Precondition(Kind.VERSION, versions);
  }

  /**
   * Compares with what there is.
   *
   * @param version the product's newest version, a tombstone's too; 0 if there never was one
   * @param present whether it has media
   * @throws ProblemException {@link Problem#PRECONDITION_FAILED}
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
          "Product %s %s: the request was for %s; read it again and decide anew",
          productId,
          present ? "is at version " + version : "has no media",
          switch (kind) {
            case ABSENT -> "a product without media";
            case VERSION -> "version " + versions.stream().sorted().toList();
            default -> "a product with media";
          });
    }
  }
}
