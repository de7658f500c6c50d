package dev.canvas.seed.source;

import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Holds the products of the demonstration, {@code seed/media.ndjson}. Immutable. */
public final class SampleCatalogue {

  /**
   * A sample product. Immutable.
   *
   * @param items the item array, serialised as it is stored and served
   */
  record Product(ProductId productId, String items) {}

  private final List<Product> products;

  private SampleCatalogue(List<Product> products) {
    this.products = products;
  }

  /** Reads the catalogue that is packaged with the program. */
  public static SampleCatalogue read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SampleCatalogue.class.getResourceAsStream("/seed/media.ndjson"),
                StandardCharsets.UTF_8))) {
      return new SampleCatalogue(lines.lines().map(SampleCatalogue::product).toList());
    } catch (IOException damaged) {
      throw new UncheckedIOException("The jar is damaged: cannot read seed/media.ndjson", damaged);
    }
  }

  /** The number of products. */
  public int size() {
    return products.size();
  }

  /** The products, by ascending id. */
  List<Product> products() {
    return products;
  }

  private static Product product(String line) {
    JsonObject product = new JsonObject(line);
    List<MediaItem> items = ItemsJson.decode(product.getJsonArray("media").toBuffer());
    return new Product(
        new ProductId(product.getLong("product_id")), ItemsJson.encode(items).toString());
  }
}
