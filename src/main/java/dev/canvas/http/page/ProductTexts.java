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
 * Names and descriptions of products. They are a shop's data and not this service's, which knows
 * those of its sample products only. Immutable.
 */
public final class ProductTexts {

  private final Map<ProductId, ProductText> texts;

  private ProductTexts(Map<ProductId, ProductText> texts) {
    this.texts = Map.copyOf(texts);
  }

  /**
   * Reads a resource of the class path with one JSON object a line: {@code
   * {"product_id":1,"name":"…","description":"…"}}. No resource, no texts. Blocks.
   */
  public static ProductTexts read(String resource) throws IOException {
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
    String name = product.getString("name", nameless(productId));
    texts.put(productId, new ProductText(name, product.getString("description")));
  }

  /** The text of a product; one without any is called after its number. */
  ProductText of(ProductId productId) {
    ProductText text = texts.get(productId);
    return text == null ? new ProductText(nameless(productId), null) : text;
  }

  private static String nameless(ProductId productId) {
    return "Product " + productId;
  }
}
