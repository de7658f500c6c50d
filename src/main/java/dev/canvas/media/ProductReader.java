package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads whole products: the lines of a bulk import, and the products of the files that the seeder
 * loads. Items may bring ids of their own. The {@code version} that an exported document has is
 * ignored, because the store assigns a new one. Every method throws a {@link ProblemException}:
 * {@link Problem#MALFORMED_REQUEST} or {@link Problem#INVALID_MEDIA}. Thread-safe.
 */
public final class ProductReader {

  private static final String PRODUCT_ID = "product_id";

  private final MediaRules rules;
  private final boolean keepGood;

  public ProductReader(MediaRules rules) {
    this(rules, false);
  }

  /**
   * @param keepGood whether a product that is to be loaded is read without its invalid items
   */
  public ProductReader(MediaRules rules, boolean keepGood) {
    this.rules = rules;
    this.keepGood = keepGood;
  }

  /**
   * A product to be loaded. Immutable.
   *
   * @param items each with an id that is unique within the product
   * @param leftOut what was wrong with items that were left out; empty if none was
   */
  public record Product(ProductId productId, List<MediaItem> items, String leftOut) {
    /** Copies the list. */
    public Product {
      items = List.copyOf(items);
    }

    /** The highest id of the items; 0 if there are none. */
    public long highestItemId() {
      return items.stream().mapToLong(MediaItem::id).max().orElse(0);
    }
  }

  /** The members of a line that have been read so far; -1 is a number that is absent or invalid. */
  private static final class Members {
    private boolean hasProductId;
    private long productId = -1;
    private long ifVersion = -1;
    private List<MediaItem> items;
    private String leftOut = "";
  }

  /**
   * Reads a line of a bulk import: {@code {"product_id":42,"media":[…],"if_version":…}}, in which
   * {@code if_version} is optional. An item without an id gets {@link MediaItem#NEW}.
   *
   * @throws ProblemException with the member {@code product_id}, if that could be read
   */
  public Change.Import change(Buffer line) {
    Members members = new Members();
    try {
      JsonBody.read(line, body -> readMembers(body, true, members));
    } catch (ProblemException problem) {
      throw members.productId < 0 ? problem : problem.with(PRODUCT_ID, members.productId);
    }
    return new Change.Import(
        new ProductId(members.productId), members.items, precondition(members.ifVersion));
  }

  /** Reads a document: {@code {"product_id":42,"media":[…]}}. */
  public Product product(Buffer document) {
    Members members =
        JsonBody.read(
            document, body -> withGoodItems(body, readMembers(body, false, new Members())));
    return productOf(new ProductId(members.productId), members.items, members.leftOut);
  }

  /** Reads the item array of a product. */
  public Product product(ProductId productId, Buffer array) {
    Members members =
        JsonBody.read(
            array,
            body -> {
              Members read = new Members();
              read.items = items(body);
              return withGoodItems(body, read);
            });
    return productOf(productId, members.items, members.leftOut);
  }

  private Members withGoodItems(JsonBody body, Members members) {
    if (keepGood && members.items != null) {
      Set<Integer> invalid = new HashSet<>();
      members.leftOut = body.faults().forgetElements(invalid::add);
      List<MediaItem> good = new ArrayList<>();
      for (int i = 0; i < members.items.size(); i++) {
        if (!invalid.contains(i)) {
          good.add(members.items.get(i));
        }
      }
      members.items = good;
    }
    return members;
  }

  /** Gives each item without an id the lowest one that no other item of the product has. */
  public static Product productOf(ProductId productId, List<MediaItem> items, String leftOut) {
    Set<Long> used = new HashSet<>();
    items.forEach(item -> used.add(item.id()));
    long next = 1;
    List<MediaItem> all = new ArrayList<>(items.size());
    for (MediaItem item : items) {
      if (item.id() == MediaItem.NEW) {
        while (!used.add(next)) {
          next++;
        }
        all.add(item.withId(next));
      } else {
        all.add(item);
      }
    }
    return new Product(productId, all, leftOut);
  }

  private Members readMembers(JsonBody body, boolean conditional, Members members)
      throws IOException {
    if (!body.isObject("")) {
      return members;
    }
    for (String name = body.nextMember(); name != null; name = body.nextMember()) {
      switch (name) {
        case PRODUCT_ID -> {
          members.hasProductId = true;
          members.productId = body.wholeOrZero("/product_id", ProductId.MAX);
        }
        case "media" -> members.items = items(body);
        case "version" -> body.json().skipChildren();
        default -> {
          if (conditional && name.equals("if_version")) {
            members.ifVersion = body.wholeOrZero("/if_version", Long.MAX_VALUE);
          } else {
            body.refuseUnknown("", name);
          }
        }
      }
    }
    if (!members.hasProductId) {
      body.faults().add("/product_id", "is missing");
    }
    if (members.items == null) {
      body.faults().add("/media", "is missing");
    }
    return members;
  }

  private List<MediaItem> items(JsonBody body) throws IOException {
    if (!body.isArray("/media")) {
      return List.of();
    }
    List<MediaItem> items = MediaReader.items(body, rules);
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      long id = items.get(i).id();
      if (id != MediaItem.NEW && (!ids.add(id) || id > MediaItem.MAX_IMPORTED)) {
        body.faults().enterElement("/media", i);
        body.faults().add("/id", "expected a unique id up to %d", MediaItem.MAX_IMPORTED);
      }
    }
    body.faults().leaveElement();
    return items;
  }

  /** Version 0 stands for a product without media, as on the event bus. */
  private static Precondition precondition(long ifVersion) {
    if (ifVersion < 0) {
      return Precondition.NONE;
    }
    return ifVersion == 0 ? Precondition.ABSENT : Precondition.version(Set.of(ifVersion));
  }
}
