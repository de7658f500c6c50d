package dev.canvas.seed.source;

import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.Precondition;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductReader;
import dev.canvas.media.SlotsReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Parses the records of files and tables into products. The work is deferred to {@link
 * RecordReader.RawRecord#parseTo}, so that every stream parses its own records. Thread-safe.
 */
public final class ProductParser {

  private final boolean keepGood;
  private final ProductReader reader;
  private final SlotsReader slots;

  /**
   * @param keepGood whether a product with invalid items is loaded without them, and not refused
   */
  public ProductParser(MediaRules rules, boolean keepGood) {
    this.keepGood = keepGood;
    this.reader = new ProductReader(rules, keepGood);
    this.slots = new SlotsReader(rules);
  }

  /** Parses a line of NDJSON. */
  RecordReader.RawRecord document(long line, byte[] text) {
    return (position, receiver) ->
        parse(
            () -> reader.product(Buffer.buffer(text)),
            line,
            () -> new String(text, StandardCharsets.UTF_8),
            position,
            receiver);
  }

  /** Parses a row that holds a product id and an item array. */
  RecordReader.RawRecord itemArray(long line, String row, String productId, String array) {
    return (position, receiver) ->
        parse(
            () -> reader.product(ProductId.parse(productId.strip()), Buffer.buffer(array)),
            line,
            () -> row,
            position,
            receiver);
  }

  /**
   * Parses a row in the format of the first service.
   *
   * @param row the whole row, for the report of an invalid record
   * @param urls by the names {@code img1} … {@code img7}, {@code vid1} and {@code vid2}; blank or
   *     null for an empty slot
   */
  public RecordReader.RawRecord slots(
      long line, String row, String productId, Map<String, String> urls) {
    return (position, receiver) ->
        parse(() -> product(productId, urls), line, () -> row, position, receiver);
  }

  /** Represents a record that cannot be read at all. */
  static RecordReader.RawRecord invalid(long line, String reason, String text) {
    return (position, receiver) ->
        receiver.reject(new ProductSource.InvalidRecord(line, reason, text));
  }

  private ProductReader.Product product(String productId, Map<String, String> urls) {
    ProductId id = ProductId.parse(productId == null ? "" : productId.strip());
    Map<String, String> filled = new TreeMap<>();
    urls.forEach(
        (name, url) -> {
          if (url != null && !url.isBlank()) {
            filled.put(name, url.strip());
          }
        });
    try {
      return product(id, filled, "");
    } catch (ProblemException invalid) {
      JsonArray errors = invalid.toJson().getJsonArray("errors");
      if (!keepGood || errors == null) {
        throw invalid;
      }
      for (int i = 0; i < errors.size(); i++) {
        filled.remove(errors.getJsonObject(i).getString("pointer").substring(1));
      }
      return product(id, filled, invalid.getMessage());
    }
  }

  private ProductReader.Product product(ProductId id, Map<String, String> filled, String leftOut) {
    List<MediaItem> items = slots.slots(id, true, filled, Precondition.NONE).items();
    return ProductReader.productOf(id, items, leftOut);
  }

  private static void parse(
      Supplier<ProductReader.Product> parsing,
      long line,
      Supplier<String> text,
      long position,
      ProductSource.Receiver receiver)
      throws IOException, SQLException, InterruptedException {
    ProductReader.Product product;
    try {
      product = parsing.get();
    } catch (ProblemException invalid) {
      receiver.reject(new ProductSource.InvalidRecord(line, invalid.getMessage(), text.get()));
      return;
    }
    byte[] items = ItemsJson.encode(product.items()).getBytes();
    receiver.product(
        position, product.productId().value(), items, items.length, product.highestItemId());
    if (!product.leftOut().isEmpty()) {
      receiver.leftOut(
          new ProductSource.InvalidRecord(
              line, "loaded without its invalid items: " + product.leftOut(), text.get()));
    }
  }
}
