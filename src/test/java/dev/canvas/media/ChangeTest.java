package dev.canvas.media;

import static dev.canvas.media.Items.assertInvalid;
import static dev.canvas.media.Items.described;
import static dev.canvas.media.Items.picture;
import static dev.canvas.media.Items.pictures;
import static dev.canvas.media.Items.refused;
import static dev.canvas.media.Items.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final ProductId ID = new ProductId(42);

  private static final List<MediaItem> THREE =
      List.of(described(1, "/1.jpg"), video(2, "/2.webm"), picture(3, "/3.jpg"));

  private final AtomicLong ids = new AtomicLong(1_000);

  @Test
  void replaceKeepsExistingIdsAndAssignsTheOthers() {
    assertEquals(
        List.of(picture(3, "/other.jpg"), picture(1_000, "/new.jpg"), video(1_001, "/new.webm")),
        after(
            THREE,
            replace(picture(3, "/other.jpg"), picture(0, "/new.jpg"), video(0, "/new.webm"))));
    assertEquals(List.of(), after(THREE, replace()));
  }

  @Test
  void replaceCreatesTheProduct() {
    ChangeResult<List<MediaItem>> edit =
        replace(picture(0, "/a.jpg")).applyTo(Optional.empty(), ids::getAndIncrement);
    assertEquals(Optional.of(List.of(picture(1_000, "/a.jpg"))), edit.items());
    assertEquals(OptionalLong.empty(), edit.itemId());
  }

  @Test
  void replaceWithTheSameItemsChangesNothingWithOrWithoutIds() {
    Change[] same = {
      replace(described(1, "/1.jpg"), video(2, "/2.webm"), picture(3, "/3.jpg")),
      replace(described(0, "/1.jpg"), video(0, "/2.webm"), picture(0, "/3.jpg")),
      replace(described(1, "/1.jpg"), video(0, "/2.webm"), picture(3, "/3.jpg"))
    };
    for (Change each : same) {
      assertEquals(THREE, after(THREE, each));
    }
    assertEquals(1_000, ids.get());
  }

  @Test
  void aRepeatedReplaceChangesNothingEvenIfAFileOccursTwice() {
    Change twice = replace(picture(0, "/a.jpg"), picture(0, "/a.jpg"));
    List<MediaItem> once = after(List.of(), twice);
    assertEquals(List.of(picture(1_000, "/a.jpg"), picture(1_001, "/a.jpg")), once);
    assertEquals(once, after(once, twice));
  }

  @Test
  void replaceReportsAllUnknownAndRepeatedIds() {
    Change change =
        replace(
            picture(7, "/a.jpg"), picture(1, "/b.jpg"), picture(0, "/c.jpg"), picture(1, "/d.jpg"));
    assertInvalid(() -> after(THREE, change), "/media/0/id", "/media/3/id");
    assertInvalid(
        () -> change.applyTo(Optional.empty(), ids::getAndIncrement),
        "/media/0/id",
        "/media/1/id",
        "/media/3/id");
    // Ids in another order are a change.
    assertEquals(
        List.of(video(2, "/2.webm"), described(1, "/1.jpg"), picture(3, "/3.jpg")),
        after(THREE, replace(video(2, "/2.webm"), described(1, "/1.jpg"), picture(3, "/3.jpg"))));
  }

  @Test
  void aReplacementOfKnownItemsReadsOnlyTheIdsOfTheStoredDocument() {
    ProductMedia stored =
        ProductMedia.splice(
            ID,
            7,
            Buffer.buffer(
                """
                [{"id":1,"type":"model","url":5,"alt":{"id":9},"focal":{"x":[0.5],"id":8}},
                {"type":"image","id":2}]\
                """));
    Change known = replace(picture(2, "/b.jpg"), video(1, "/a.webm"));
    assertEquals(
        Optional.of(List.of(picture(2, "/b.jpg"), video(1, "/a.webm"))),
        known.applyToStored(Optional.of(stored), ids::getAndIncrement).items());
    for (long unknown : new long[] {8, 9, 3}) {
      Change change = replace(picture(2, "/b.jpg"), picture(unknown, "/c.jpg"));
      assertInvalid(
          () -> change.applyToStored(Optional.of(stored), ids::getAndIncrement), "/media/1/id");
    }
    assertEquals(1_000, ids.get());
  }

  @Test
  void addAppendsOrInserts() {
    MediaItem added = picture(0, "/new.jpg");
    ChangeResult<List<MediaItem>> last = edit(THREE, add(added, OptionalInt.empty()));
    assertEquals(picture(1_000, "/new.jpg"), last.items().orElseThrow().get(3));
    assertEquals(OptionalLong.of(1_000), last.itemId());
    ChangeResult<List<MediaItem>> first = edit(THREE, add(added, OptionalInt.of(0)));
    assertEquals(picture(1_001, "/new.jpg"), first.items().orElseThrow().get(0));
    assertEquals(4, after(THREE, add(added, OptionalInt.of(3))).size());
  }

  @Test
  void addCreatesTheProduct() {
    ChangeResult<List<MediaItem>> edit =
        add(picture(0, "/a.jpg"), OptionalInt.of(0)).applyTo(Optional.empty(), ids::get);
    assertEquals(Optional.of(List.of(picture(1_000, "/a.jpg"))), edit.items());
  }

  @Test
  void addIsRefusedBeyondTheEndAndBeyondFiftyItemsAndTakesNoId() {
    MediaItem added = picture(0, "/new.jpg");
    ProblemException beyond =
        refused(Problem.INVALID_MEDIA, () -> after(THREE, add(added, OptionalInt.of(4))));
    assertEquals("'': expected a position from 0 to 3, the number of items", beyond.getMessage());
    assertEquals(50, after(pictures(49), add(added, OptionalInt.empty())).size());
    assertInvalid(() -> after(pictures(50), add(added, OptionalInt.empty())), "");
    assertEquals(1_001, ids.get());
  }

  @Test
  void removingTheLastItemLeavesAnEmptyList() {
    ChangeResult<List<MediaItem>> edit = edit(pictures(1), remove(1));
    assertEquals(Optional.of(List.of()), edit.items());
    assertEquals(OptionalLong.of(1), edit.itemId());
    assertEquals(List.of(THREE.get(0), THREE.get(2)), after(THREE, remove(2)));
  }

  @Test
  void anUnknownItemCannotBeRemovedOrUpdated() {
    refused(Problem.ITEM_NOT_FOUND, () -> after(THREE, remove(4)));
    refused(Problem.ITEM_NOT_FOUND, () -> after(THREE, update(4, "{}")));
  }

  @Test
  void changesOfExistingMediaFailForAProductWithoutMedia() {
    Change[] changes = {
      update(1, "{}"),
      remove(1),
      new Change.Order(ID, List.of(), Precondition.NONE),
      new Change.Delete(ID, Precondition.NONE),
      new Change.Slots(ID, false, java.util.Map.of(), java.util.Map.of(), Precondition.NONE)
    };
    for (Change change : changes) {
      ProblemException refused =
          refused(
              Problem.PRODUCT_NOT_FOUND,
              () -> change.applyTo(Optional.empty(), ids::incrementAndGet));
      assertEquals("Product 42 has no media", refused.getMessage());
    }
  }

  @Test
  void deleteLeavesNoMedia() {
    ChangeResult<List<MediaItem>> edit = edit(THREE, new Change.Delete(ID, Precondition.NONE));
    assertEquals(Optional.empty(), edit.items());
  }

  @Test
  void anOrderRearrangesTheItems() {
    assertEquals(
        List.of(THREE.get(2), THREE.get(0), THREE.get(1)), after(THREE, order(3L, 1L, 2L)));
    assertEquals(THREE, after(THREE, order(1L, 2L, 3L)));
  }

  @Test
  void anOrderOfOtherItemsIsRefusedWithMissingUnknownAndRepeatedIds() {
    ProblemException refused =
        refused(Problem.ORDER_MISMATCH, () -> after(THREE, order(3L, 7L, 3L, 8L, 7L)));
    JsonObject problem = refused.toJson();
    assertEquals(JsonArray.of(1L, 2L), problem.getJsonArray("missing"));
    assertEquals(JsonArray.of(7L, 8L), problem.getJsonArray("unknown"));
    assertEquals(JsonArray.of(3L), problem.getJsonArray("repeated"));
    assertEquals(409, problem.getInteger("status"));
  }

  @Test
  void anUpdateMergesRecursivelyAndNullRemoves() {
    MediaItem first =
        after(
                THREE,
                update(
                    1,
                    "{\"id\":1,\"alt\":null,\"width\":900,\"focal\":{\"y\":1},"
                        + "\"variants\":[\"green\"],\"placeholder\":null}"))
            .get(0);
    assertEquals(
        new MediaItem(
            1,
            MediaItem.Type.IMAGE,
            "/1.jpg",
            null,
            false,
            900,
            1_000,
            null,
            "image/webp",
            new MediaItem.Focal(0.5, 1),
            null,
            List.of("green")),
        first);
    assertEquals(THREE, after(THREE, update(1, "{}")));
    assertEquals(null, after(THREE, update(1, "{\"focal\":null}")).get(0).focal());
    assertEquals(
        new MediaItem.Focal(0, 1),
        after(THREE, update(3, "{\"focal\":{\"x\":0,\"y\":1}}")).get(2).focal());
  }

  @Test
  void anUpdateThatYieldsAnInvalidItemIsRefused() {
    assertInvalid(() -> after(THREE, update(1, "{\"id\":2}")), "/id");
    assertInvalid(() -> after(THREE, update(1, "{\"id\":null}")), "/id");
    assertInvalid(() -> after(THREE, update(1, "{\"url\":null,\"type\":null}")), "/type", "/url");
    assertInvalid(() -> after(THREE, update(1, "{\"decorative\":true}")), "/alt");
    assertInvalid(() -> after(THREE, update(1, "{\"poster\":\"/p.jpg\"}")), "/poster");
    assertInvalid(() -> after(THREE, update(1, "{\"focal\":{\"x\":null}}")), "/focal/x");
    assertInvalid(() -> after(THREE, update(3, "{\"focal\":{\"x\":0.5}}")), "/focal/y");
  }

  /** Rules may have become stricter since an item was stored. */
  @Test
  void anUpdateMayKeepWhatNewItemsMayNotHave() {
    MediaItem stored =
        new MediaItem(
            1,
            MediaItem.Type.IMAGE,
            "http://localhost/1.jpg",
            null,
            false,
            null,
            null,
            null,
            "video/mp4",
            null,
            null,
            List.of());
    MediaItem described = after(List.of(stored), update(1, "{\"alt\":\"Left\"}")).get(0);
    assertEquals("Left", described.alt());
    assertEquals(stored.url(), described.url());
    assertEquals("video/mp4", described.mime());
    assertInvalid(() -> after(List.of(stored), update(1, "{\"type\":\"image\"}")), "/mime");
    assertInvalid(() -> after(List.of(stored), update(1, "{\"mime\":\"text/css\"}")), "/mime");
    assertEquals(
        MediaItem.Type.VIDEO,
        after(List.of(stored), update(1, "{\"type\":\"video\"}")).get(0).type());
  }

  @Test
  void aChangeCopiesItsItems() {
    List<MediaItem> items = new java.util.ArrayList<>(THREE);
    Change.Replace change = new Change.Replace(ID, items, Precondition.NONE);
    items.clear();
    assertEquals(THREE, change.items());
    assertSame(Precondition.NONE, change.precondition());
  }

  private static Change replace(MediaItem... items) {
    return new Change.Replace(ID, List.of(items), Precondition.NONE);
  }

  private static Change add(MediaItem item, OptionalInt position) {
    return new Change.Add(ID, item, position, Precondition.NONE);
  }

  private static Change update(long itemId, String patch) {
    return new Change.Update(ID, itemId, new ItemPatch(patch), Precondition.NONE);
  }

  private static Change remove(long itemId) {
    return new Change.Remove(ID, itemId, Precondition.NONE);
  }

  private static Change order(Long... order) {
    return new Change.Order(ID, List.of(order), Precondition.NONE);
  }

  private List<MediaItem> after(List<MediaItem> items, Change change) {
    return edit(items, change).items().orElseThrow();
  }

  private ChangeResult<List<MediaItem>> edit(List<MediaItem> items, Change change) {
    ProductMedia stored = ProductMedia.splice(ID, 1, ItemsJson.encode(items));
    return change.applyToStored(Optional.of(stored), ids::getAndIncrement);
  }
}
