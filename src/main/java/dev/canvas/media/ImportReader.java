package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the lines of a bulk import: {@code {"product_id":42,"media":[…],"if_version":…?}}. A {@code
 * version}, as an exported document has it, is passed by. Thread-safe.
 */
public final class ImportReader {

  private static final String PRODUCT_ID = "product_id";

  private final MediaReader reader;

  /**
   * @param rules of the items
   */
  public ImportReader(MediaRules rules) {
    this.reader = new MediaReader(rules);
  }

  /**
   * Reads a line.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} or {@link Problem#INVALID_MEDIA},
   *     with a {@code product_id} where that could be read
   */
  public Change.Import read(Buffer line) {
    Members members = new Members();
    try {
      JsonBody.read(line, (json, faults) -> read(json, faults, members));
      return change(members);
    } catch (ProblemException problem) {
      throw members.productId < 0 ? problem : problem.with(PRODUCT_ID, members.productId);
    }
  }

  /** What a line has; -1 is a number that is not there. */
  private static final class Members {
    private boolean hasProductId;
    private long productId = -1;
    private long ifVersion = -1;
    private List<MediaItem> items;
  }

  private Members read(JsonParser json, Faults faults, Members members) throws IOException {
    JsonValues values = new JsonValues(json, faults, false);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return members;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case PRODUCT_ID -> {
          members.hasProductId = true;
          members.productId = whole(json, values, "/product_id", ProductId.MAX);
        }
        case "media" -> members.items = items(json, faults, values);
        case "if_version" -> members.ifVersion = whole(json, values, "/if_version", Long.MAX_VALUE);
        case "version" -> json.skipChildren();
        default -> values.refuseName("", name);
      }
    }
    if (!members.hasProductId) {
      faults.add("/product_id", "is missing");
    }
    if (members.items == null) {
      faults.add("/media", "is missing");
    }
    return members;
  }

  /** What has no faults. As on the event bus 0 is a product without media. */
  private static Change.Import change(Members members) {
    Precondition precondition =
        members.ifVersion < 0
            ? Precondition.NONE
            : members.ifVersion == 0
                ? Precondition.ABSENT
                : Precondition.version(Set.of(members.ifVersion));
    return new Change.Import(new ProductId(members.productId), members.items, precondition);
  }

  /** A number from 0; -1 where it is none, which has been noted then. */
  private static long whole(JsonParser json, JsonValues values, String pointer, long most)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getText().equals("0")) {
      return 0;
    }
    long value = values.whole(pointer, most);
    return value == 0 ? -1 : value;
  }

  private List<MediaItem> items(JsonParser json, Faults faults, JsonValues values)
      throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      values.refuse("/media", "expected an array");
      return List.of();
    }
    List<MediaItem> items = reader.items(json, faults);
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      long id = items.get(i).id();
      if (id != MediaItem.NEW && (!ids.add(id) || id > MediaItem.MAX_IMPORTED)) {
        faults.add(
            "/media/" + i + "/id", "expected each once, and at most %d", MediaItem.MAX_IMPORTED);
      }
    }
    return items;
  }
}
