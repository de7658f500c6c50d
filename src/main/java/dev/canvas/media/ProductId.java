package dev.canvas.media;

/**
 * Identifies a product: a whole number from {@value #MIN} to {@value #MAX}, the range that JSON
 * parsers represent exactly (RFC 8259, section 6).
 *
 * @param value the number
 */
public record ProductId(long value) implements Comparable<ProductId> {

  /** The lowest product id. */
  public static final long MIN = 0;

  /** The highest product id, 2^53 - 1. */
  public static final long MAX = (1L << 53) - 1;

  /** The longest part of an invalid text that a problem repeats, in characters. */
  private static final int MAX_SHOWN = 40;

  private static final int MAX_DIGITS = Long.toString(MAX).length();

  /**
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if the number is out of range
   */
  public ProductId {
    if (value < MIN || value > MAX) {
      throw refused(Long.toString(value));
    }
  }

  /**
   * Parses an id that consists of decimal digits only: no sign, fraction, exponent or white space.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} for any other text
   */
  public static ProductId parse(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_DIGITS) {
      throw refused(text);
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        throw refused(text);
      }
      value = value * 10 + (digit - '0');
    }
    if (value > MAX) {
      throw refused(text);
    }
    return new ProductId(value);
  }

  private static ProblemException refused(String text) {
    String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    return Problem.MALFORMED_REQUEST.because(
        "'%s' is not a product id: expected a whole number from %d to %d", shown, MIN, MAX);
  }

  @Override
  public int compareTo(ProductId other) {
    return Long.compare(value, other.value);
  }

  /** The id in decimal digits, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
