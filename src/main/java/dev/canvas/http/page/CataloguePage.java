package dev.canvas.http.page;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The model of one page of the catalogue. Immutable.
 *
 * @param from the lowest product id that the page may show
 * @param cards the products, by id
 * @param next the first product of the next page, or null
 * @param duration how long the read took, such as {@code 0.42 ms}
 * @param script replaces pictures that cannot be loaded
 * @param operators whether the page is for operators
 */
record CataloguePage(
    ProductId from,
    List<Card> cards,
    ProductId next,
    String duration,
    Asset script,
    boolean operators) {

  /** The number of products on a page. */
  static final int SIZE = 24;

  /** The number of products that a large screen shows without scrolling. */
  private static final int ABOVE_THE_FOLD = 4;

  /**
   * One product on the page. Immutable.
   *
   * @param productId the product
   * @param name its name
   * @param gallery its media; null if they cannot be read
   */
  record Card(ProductId productId, String name, Gallery gallery) {

    /** The picture that stands for the product, or null. */
    String cover() {
      return gallery.covers().isEmpty() ? null : gallery.covers().get(0);
    }

    /** The pictures that replace the cover if it cannot be loaded, separated by spaces. */
    String otherCovers() {
      return gallery.covers().stream().skip(1).collect(Collectors.joining(" "));
    }
  }

  /**
   * Builds the model.
   *
   * @param found the products from {@code from} on, up to one more than a page shows
   * @param rules decides whether the page may load media over http
   * @param nanos the duration of the read, in nanoseconds
   * @param operators whether the page is for operators; others do not see products whose media
   *     cannot be read
   */
  static CataloguePage of(
      ProductId from,
      List<Lookup> found,
      ProductTexts texts,
      MediaRules rules,
      long nanos,
      Asset script,
      boolean operators) {
    return new CataloguePage(
        from,
        found.stream()
            .limit(SIZE)
            .map(lookup -> card(lookup, texts, rules))
            .filter(card -> operators || card.gallery() != null)
            .toList(),
        found.size() > SIZE ? found.get(SIZE).productId() : null,
        ReadTrace.milliseconds(nanos),
        script,
        operators);
  }

  private static Card card(Lookup lookup, ProductTexts texts, MediaRules rules) {
    String name = texts.of(lookup.productId()).name();
    return new Card(lookup.productId(), name, gallery(name, lookup, rules));
  }

  /** One product with malformed media does not fail the page. */
  private static Gallery gallery(String name, Lookup lookup, MediaRules rules) {
    try {
      return Gallery.of(name, lookup.required(), rules);
    } catch (ProblemException malformed) {
      return null;
    }
  }

  /** Whether this is the first page. */
  boolean isFirst() {
    return from.value() == ProductId.MIN;
  }

  /** Whether the card is visible without scrolling, so its picture should load at once. */
  boolean isAboveTheFold(Card card) {
    return cards.indexOf(card) < ABOVE_THE_FOLD;
  }

  /** The address of the products' media documents, or null if there are no products. */
  String json() {
    return cards.isEmpty() || !operators
        ? null
        : cards.stream()
            .map(card -> card.productId().toString())
            .collect(Collectors.joining(",", "/api/products/media?ids=", ""));
  }
}
