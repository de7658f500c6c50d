package dev.canvas.media;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bodies of writes to one product. Every method throws a {@link ProblemException}: {@link
 * Problem#MALFORMED_REQUEST}, with line and column, for a body that is not JSON, and {@link
 * Problem#INVALID_MEDIA}, with all errors, for one that is invalid. Thread-safe.
 */
public final class MediaReader {

  private final MediaRules rules;

  public MediaReader(MediaRules rules) {
    this.rules = rules;
  }

  /**
   * Reads {@code {"media":[…]}}. An item without an id gets {@link MediaItem#NEW}. The body may be
   * a document as a read answers it: then its {@code product_id} has to be that of the product, and
   * its {@code version} is ignored, because a condition has to be named as one.
   */
  public List<MediaItem> media(ProductId productId, Buffer body) {
    return JsonBody.read(
        body,
        object ->
            list(
                object,
                "media",
                array -> items(array, rules),
                name -> readFrame(object, name, productId)));
  }

  /** Reads a member of a document that is not its media; false if documents have no such member. */
  private static boolean readFrame(JsonBody body, String name, ProductId productId)
      throws IOException {
    switch (name) {
      case "product_id" -> {
        boolean same =
            body.json().currentToken() == JsonToken.VALUE_NUMBER_INT
                && body.json().getText().equals(productId.toString());
        if (!same && !body.isAbsent()) {
          body.refuse("/product_id", "expected " + productId + ", the product of this request");
        }
      }
      case "version" -> body.json().skipChildren();
      case "if_version" -> body.refuse("/if_version", "expected the header If-Match instead");
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Reads one item that is to be added, so it must not have an id. */
  public MediaItem item(Buffer body) {
    return JsonBody.read(
        body,
        object -> {
          MediaItem item = new ItemReader(object).read();
          rules.check(item, object.faults());
          if (item.id() != MediaItem.NEW) {
            object.faults().add("/id", "expected no id: the service assigns it");
          }
          return item;
        });
  }

  /** Reads a merge patch of one item. */
  public ItemPatch patch(Buffer body) {
    return JsonBody.read(
        body,
        true,
        patch -> {
          rules.check(new ItemReader(patch).read(), patch.faults());
          int begin = Utf8.markLength(body.getBytes());
          return new ItemPatch(body.getString(begin, body.length()));
        });
  }

  /** Reads {@code {"order":[…]}}, a list of item ids. */
  public List<Long> order(Buffer body) {
    return JsonBody.read(body, object -> list(object, "order", MediaReader::ids, name -> false));
  }

  /**
   * Reads and checks the items of the array at the current token; {@code /media} is its pointer.
   */
  static List<MediaItem> items(JsonBody body, MediaRules rules) throws IOException {
    Faults faults = body.faults();
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = new ItemReader(body);
    while (body.json().nextToken() != JsonToken.END_ARRAY) {
      faults.enterElement("/media", items.size());
      MediaItem item = reader.read();
      rules.check(item, faults);
      items.add(item);
    }
    faults.leaveElement();
    if (items.size() > MediaRules.MAX_ITEMS) {
      faults.add("/media", "expected at most %d items", MediaRules.MAX_ITEMS);
    }
    return items;
  }

  private static List<Long> ids(JsonBody body) throws IOException {
    List<Long> ids = new ArrayList<>();
    while (body.json().nextToken() != JsonToken.END_ARRAY) {
      ids.add(body.whole("/order/" + ids.size(), ProductId.MAX));
    }
    return ids;
  }

  /** Reads another member than the array of a body; returns whether there may be such a member. */
  @FunctionalInterface
  private interface Others {
    boolean read(String name) throws IOException;
  }

  /** Reads an object that has an array, and perhaps others. */
  private static <T> List<T> list(
      JsonBody body, String name, JsonBody.Reader<List<T>> elements, Others others)
      throws IOException {
    if (!body.isObject("")) {
      return List.of();
    }
    List<T> list = null;
    for (String member = body.nextMember(); member != null; member = body.nextMember()) {
      if (member.equals(name)) {
        list = body.isArray("/" + name) ? elements.read(body) : List.of();
      } else if (!others.read(member)) {
        body.refuseUnknown("", member);
      }
    }
    if (list == null) {
      body.faults().add("/" + name, "is missing");
    }
    return list;
  }
}
