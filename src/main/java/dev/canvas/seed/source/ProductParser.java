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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes products of what stands in files and tables. Thread-safe. */
public final class ProductParser {

  private final ProductReader reader;
  private final SlotsReader slots;

  public ProductParser(MediaRules rules) {
    this.reader = new ProductReader(rules);
    this.slots = new SlotsReader(rules);
  }

  /** A line of NDJSON. */
  Records.Unparsed document(long line, byte[] text) {
    return (place, receiver) ->
        hand(
            () -> reader.product(Buffer.buffer(text)),
            line,
            () -> new String(text, StandardCharsets.UTF_8),
            place,
            receiver);
  }

  /** A row of a product and its item array. */
  Records.Unparsed array(long line, String row, String productId, String array) {
    return (place, receiver) ->
        hand(
            () -> reader.product(ProductId.parse(productId.strip()), Buffer.buffer(array)),
            line,
            () -> row,
            place,
            receiver);
  }

  /**
   * A row of the first service.
   *
   * @param row all of it
   * @param urls by the names {@code img1} … {@code img7}, {@code vid1} and {@code vid2}; empty or
   *     null where there is none
   */
  public Records.Unparsed files(long line, String row, String productId, Map<String, String> urls) {
    return (place, receiver) ->
        hand(() -> product(productId, urls), line, () -> row, place, receiver);
  }

  /** Something that cannot be read at all. */
  static Records.Unparsed unreadable(Reject reject) {
    return (place, receiver) -> receiver.reject(reject);
  }

  private ProductReader.Product product(String productId, Map<String, String> urls) {
    ProductId id = ProductId.parse(productId == null ? "" : productId.strip());
    Map<String, String> given = new TreeMap<>();
    urls.forEach(
        (name, url) -> {
          if (url != null && !url.isBlank()) {
            given.put(name, url.strip());
          }
        });
    // Checks the names and the URLs.
    slots.slots(id, true, given, Precondition.NONE);
    List<MediaItem> items = new ArrayList<>();
    given.forEach(
        (name, url) ->
            items.add(
                MediaItem.file(
                    name.startsWith("img") ? MediaItem.Type.IMAGE : MediaItem.Type.VIDEO, url)));
    return ProductReader.productOf(id, items);
  }

  private static void hand(
      Supplier<ProductReader.Product> parsing,
      long line,
      Supplier<String> text,
      long place,
      Chunk.Receiver receiver)
      throws IOException, SQLException, InterruptedException {
    ProductReader.Product product;
    try {
      product = parsing.get();
    } catch (ProblemException wrong) {
      receiver.reject(new Reject(line, wrong.getMessage(), text.get()));
      return;
    }
    byte[] items = ItemsJson.encode(product.items()).getBytes();
    receiver.product(
        place, product.productId().value(), items, items.length, product.highestItemId());
  }
}
