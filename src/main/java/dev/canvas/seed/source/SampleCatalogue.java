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

/**
 * The products of the demonstration, {@code seed/media.ndjson}: their numbers and item arrays.
 * Immutable.
 */
public final class SampleCatalogue {

  private final List<StoredProduct> products;

  private SampleCatalogue(List<StoredProduct> products) {
    this.products = products;
  }

  /** Reads the catalogue that came with the program. */
  public static SampleCatalogue read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SampleCatalogue.class.getResourceAsStream("/seed/media.ndjson"),
                StandardCharsets.UTF_8))) {
      return new SampleCatalogue(lines.lines().map(SampleCatalogue::product).toList());
    } catch (IOException broken) {
      throw new UncheckedIOException("The jar is broken: seed/media.ndjson", broken);
    }
  }

  /** The products, by number. */
  public List<StoredProduct> products() {
    return products;
  }

  /** How many there are. */
  public int size() {
    return products.size();
  }

  private static StoredProduct product(String line) {
    JsonObject product = new JsonObject(line);
    List<MediaItem> items = ItemsJson.decode(product.getJsonArray("media").toBuffer());
    return new StoredProduct(
        new ProductId(product.getLong("product_id")), ItemsJson.encode(items).toString());
  }
}
