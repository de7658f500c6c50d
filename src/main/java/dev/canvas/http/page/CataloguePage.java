package dev.canvas.http.page;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page of the catalogue. Immutable.
 *
 * @param from the lowest product number on it
 * @param cards the products, in the order of their numbers
 * @param next the first product of the next page, or null
 * @param took how long it took to read them, such as {@code 0.42 ms}
 */
record CataloguePage(ProductId from, List<Card> cards, ProductId next, String took) {

  /** How many products a page shows. */
  static final int SIZE = 24;

  /** How many of them a large screen shows at once, without scrolling. */
  private static final int AHEAD = 4;

  /**
   * A product among others. Immutable.
   *
   * @param productId its number
   * @param name what it is called
   * @param gallery its media
   */
  record Card(ProductId productId, String name, Gallery gallery) {}

  /**
   * @param found the products from there on, and one more than a page shows where there are more
   * @param rules what the policy of the pages lets them load
   * @param nanos how long it took to read them
   */
  static CataloguePage of(
      ProductId from, List<Lookup> found, ProductTexts texts, MediaRules rules, long nanos) {
    return new CataloguePage(
        from,
        found.stream().limit(SIZE).map(lookup -> card(lookup, texts, rules)).toList(),
        found.size() > SIZE ? found.get(SIZE).productId() : null,
        ReadTrace.milliseconds(nanos));
  }

  private static Card card(Lookup lookup, ProductTexts texts, MediaRules rules) {
    String name = texts.of(lookup.productId()).name();
    return new Card(lookup.productId(), name, Gallery.of(name, lookup.required(), rules));
  }

  /** Whether the catalogue begins here. */
  boolean isFirst() {
    return from.value() == ProductId.MIN;
  }

  /** Whether the reader sees this card at once, so that its picture is not to wait. */
  boolean isAhead(Card card) {
    return cards.indexOf(card) < AHEAD;
  }

  /** Where the documents of these products are, or null. */
  String json() {
    return cards.isEmpty()
        ? null
        : cards.stream()
            .map(card -> card.productId().toString())
            .collect(Collectors.joining(",", "/api/products/media?ids=", ""));
  }
}
