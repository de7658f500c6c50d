package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads products that are loaded in bulk, with the ids of their items or without. Thread-safe. */
public final class CatalogueReader {

  private final MediaRules rules;

  /**
   * @param rules of the items
   */
  public CatalogueReader(MediaRules rules) {
    this.rules = rules;
  }

  /**
   * A product of a catalogue. Immutable.
   *
   * @param items each with an id of its own
   */
  public record Product(ProductId productId, List<MediaItem> items) {
    /** Copies the list. */
    public Product {
      items = List.copyOf(items);
    }

    /** The highest id of its items; 0 where it has none. */
    public long highestItemId() {
      return items.stream().mapToLong(MediaItem::id).max().orElse(0);
    }
  }

  /**
   * Reads a document: {@code {"product_id":42,"media":[…]}}; a version in it is passed by, as the
   * store gives it another.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} or {@link Problem#INVALID_MEDIA}
   */
  public Product document(Buffer line) {
    return JsonBody.read(line, this::document);
  }

  /**
   * Reads an item array of a product.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} or {@link Problem#INVALID_MEDIA}
   */
  public Product array(ProductId productId, Buffer array) {
    return new Product(productId, JsonBody.read(array, this::items));
  }

  /** A product of files alone. */
  public static Product files(ProductId productId, List<MediaItem> files) {
    return new Product(productId, withIds(files, new Faults()));
  }

  private Product document(JsonParser json, Faults faults) throws IOException {
    JsonValues values = new JsonValues(json, faults, false);
    long productId = -1;
    List<MediaItem> items = null;
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return null;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "product_id" -> productId = productId(json, values);
        case "media" -> items = items(json, faults);
        case "version" -> json.skipChildren();
        default -> values.refuseName("", name);
      }
    }
    if (productId < 0) {
      faults.add("/product_id", "expected a whole number from 0 to %d", ProductId.MAX);
    }
    if (items == null) {
      faults.add("/media", "is missing");
    }
    return productId < 0 || items == null ? null : new Product(new ProductId(productId), items);
  }

  private static long productId(JsonParser json, JsonValues values) throws IOException {
    boolean isZero =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getText().equals("0");
    return isZero ? 0 : values.whole("/product_id", ProductId.MAX);
  }

  private List<MediaItem> items(JsonParser json, Faults faults) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      faults.add("/media", "expected an array");
      json.skipChildren();
      return List.of();
    }
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = new ItemReader(json, faults, false);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      faults.within("/media", items.size());
      MediaItem item = reader.read();
      rules.check(item, faults);
      items.add(item);
    }
    faults.within();
    if (items.size() > MediaRules.MAX_ITEMS) {
      faults.add("/media", "expected at most %d items", MediaRules.MAX_ITEMS);
    }
    return withIds(items, faults);
  }

  /** Those without an id get the lowest that no other of the product has. */
  private static List<MediaItem> withIds(List<MediaItem> items, Faults faults) {
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      long id = items.get(i).id();
      if (id != MediaItem.NEW && (!taken.add(id) || id > MediaItem.MAX_IMPORTED)) {
        faults.add(
            "/media/" + i + "/id", "expected each once, and at most %d", MediaItem.MAX_IMPORTED);
      }
    }
    long next = 1;
    List<MediaItem> all = new ArrayList<>(items.size());
    for (MediaItem item : items) {
      if (item.id() == MediaItem.NEW) {
        while (!taken.add(next)) {
          next++;
        }
        all.add(item.withId(next));
      } else {
        all.add(item);
      }
    }
    return all;
  }
}
