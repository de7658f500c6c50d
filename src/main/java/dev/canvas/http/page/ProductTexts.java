package dev.canvas.http.page;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the names and descriptions of products. They are data of the shop, so this service knows
 * only those of its sample products. Immutable.
 */
final class ProductTexts {

  private final Map<ProductId, ProductText> texts;

  /**
   * The texts of one product. Immutable.
   *
   * @param name its name
   * @param description a sentence or two about it, or null
   */
  record ProductText(String name, String description) {}

  private ProductTexts(Map<ProductId, ProductText> texts) {
    this.texts = Map.copyOf(texts);
  }

  /**
   * Reads a resource on the class path with one JSON object per line: {@code
   * {"product_id":1,"name":"…","description":"…"}}. If it is missing, there are no texts. Blocks.
   */
  static ProductTexts read(String resource) throws IOException {
    Map<ProductId, ProductText> texts = new HashMap<>();
    try (InputStream bytes = ProductTexts.class.getClassLoader().getResourceAsStream(resource)) {
      if (bytes != null) {
        var lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> add(texts, line));
      }
    }
    return new ProductTexts(texts);
  }

  private static void add(Map<ProductId, ProductText> texts, String line) {
    JsonObject product = new JsonObject(line);
    ProductId productId = new ProductId(product.getLong("product_id"));
    String name = product.getString("name", defaultName(productId));
    texts.put(productId, new ProductText(name, product.getString("description")));
  }

  /** Returns the texts of a product; without any, its name is its number. */
  ProductText of(ProductId productId) {
    ProductText text = texts.get(productId);
    return text == null ? new ProductText(defaultName(productId), null) : text;
  }

  private static String defaultName(ProductId productId) {
    return "Product " + productId;
  }
}
