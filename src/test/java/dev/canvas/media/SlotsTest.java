package dev.canvas.media;

import static dev.canvas.media.Items.assertInvalid;
import static dev.canvas.media.Items.described;
import static dev.canvas.media.Items.picture;
import static dev.canvas.media.Items.pictures;
import static dev.canvas.media.Items.video;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writes in the form of the first service. */
class SlotsTest {

  private static final ProductId ID = new ProductId(999);

  private static final List<MediaItem> MIXED =
      List.of(
          described(1, "/1.jpg"), video(2, "/2.webm"), picture(3, "/3.jpg"), video(4, "/4.webm"));

  private final SlotsReader reader = new SlotsReader(new MediaRules(false));
  private final AtomicLong ids = new AtomicLong(1_000);

  @Test
  void aPostReplacesAllItemsPicturesFirstWithoutEmptySlots() {
    Map<String, String> fields =
        Map.of("vid1", "/v.webm", "img1", "/a.jpg", "img2", "", "img7", "/c.jpg");
    List<MediaItem> expected =
        List.of(picture(1_000, "/a.jpg"), picture(1_001, "/c.jpg"), video(1_002, "/v.webm"));
    assertEquals(expected, all(Optional.empty(), fields));
    assertEquals(expected, all(Optional.of(expected), fields));
    assertEquals(
        List.of(picture(1_003, "/a.jpg")), all(Optional.of(MIXED), Map.of("img1", "/a.jpg")));
    assertEquals(List.of(), all(Optional.of(MIXED), Map.of()));
  }

  @Test
  void aPutChangesOnlyTheGivenSlots() {
    assertEquals(MIXED, some(Map.of()));
    assertEquals(
        List.of(MIXED.get(0), MIXED.get(1), picture(3, "/new.jpg"), MIXED.get(3)),
        some(Map.of("img2", "/new.jpg")));
    assertEquals(
        List.of(MIXED.get(0), video(2, "/new.webm"), MIXED.get(2), MIXED.get(3)),
        some(Map.of("vid1", "/new.webm")));
  }

  @Test
  void aChangedItemKeepsIdAltAndVariantsAndLosesTheAttributesOfItsFile() {
    assertEquals(
        new MediaItem(
            1,
            MediaItem.Type.IMAGE,
            "/new.jpg",
            "Left side",
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of("red", "blue")),
        some(Map.of("img1", "/new.jpg")).get(0));
    assertEquals(MIXED, some(Map.of("img1", "/1.jpg")));
  }

  @Test
  void anItemGoesWithItsUrl() {
    // Two that change places, one that moves up while another file comes, and one that is pushed
    // on.
    assertEquals(
        List.of(MIXED.get(2), MIXED.get(1), MIXED.get(0), MIXED.get(3)),
        some(Map.of("img1", "/3.jpg", "img2", "/1.jpg")));
    assertEquals(
        List.of(MIXED.get(2), MIXED.get(1), picture(1_000, "/new.jpg"), MIXED.get(3)),
        some(Map.of("img1", "/3.jpg", "img2", "/new.jpg")));
    assertEquals(
        List.of(picture(1_001, "/new.jpg"), MIXED.get(1), MIXED.get(0), MIXED.get(2), MIXED.get(3)),
        some(Map.of("img1", "/new.jpg", "img2", "/1.jpg", "img3", "/3.jpg")));
    assertEquals(
        List.of(MIXED.get(2), MIXED.get(1), MIXED.get(3)),
        some(Map.of("img1", "/3.jpg", "img2", "")));
    // The other one stays where it is, so this is another picture of the same file.
    assertEquals(
        List.of(MIXED.get(0), MIXED.get(1), picture(3, "/1.jpg"), MIXED.get(3)),
        some(Map.of("img2", "/1.jpg")));
    assertEquals(List.of(MIXED.get(0), video(1_002, "/3.jpg")), all(MIXED, "/1.jpg", "/3.jpg"));
    assertEquals(List.of(MIXED.get(2), MIXED.get(3)), all(MIXED, "/3.jpg", "/4.webm"));
  }

  @Test
  void anEmptySlotRemovesItsItem() {
    assertEquals(
        List.of(MIXED.get(1), MIXED.get(2), MIXED.get(3)), some(Map.of("img1", "", "img7", "")));
    assertEquals(List.of(MIXED.get(0), MIXED.get(2)), some(Map.of("vid1", "", "vid2", "")));
  }

  @Test
  void theNextFreeSlotAppendsAfterTheLastItemOfItsType() {
    assertEquals(
        List.of(
            MIXED.get(0),
            MIXED.get(1),
            MIXED.get(2),
            picture(1_000, "/n3.jpg"),
            picture(1_001, "/n4.jpg"),
            MIXED.get(3)),
        some(Map.of("img4", "/n4.jpg", "img3", "/n3.jpg")));
    assertEquals(
        List.of(picture(1, "/1.jpg"), video(1_002, "/v.webm")),
        changed(pictures(1), Map.of("vid1", "/v.webm")));
    assertEquals(
        List.of(MIXED.get(1), MIXED.get(2), picture(1_003, "/n.jpg"), MIXED.get(3)),
        some(Map.of("img1", "", "img3", "/n.jpg")));
  }

  @Test
  void aSlotAfterTheNextFreeOneIsRefused() {
    assertInvalid(() -> some(Map.of("img4", "/n.jpg")), "/img4");
    assertInvalid(() -> some(Map.of("img3", "", "img4", "/n.jpg")), "/img4");
    assertInvalid(
        () -> changed(List.of(), Map.of("img2", "/n.jpg", "vid2", "/n.webm")), "/img2", "/vid2");
    assertInvalid(() -> changed(pictures(50), Map.of("vid1", "/n.webm")), "");
  }

  @Test
  void unknownFieldsAndInvalidUrlsAreReportedTogether() {
    Map<String, String> fields =
        new java.util.TreeMap<>(
            Map.of(
                "img0",
                "",
                "img1",
                "http://a.example/1.jpg",
                "img8",
                "/8.jpg",
                "vid1",
                "",
                "x/y",
                ""));
    assertInvalid(
        () -> reader.slots(ID, true, fields, Precondition.NONE),
        "/img0",
        "/img1",
        "/img8",
        "/x~1y");
  }

  private List<MediaItem> some(Map<String, String> fields) {
    return changed(MIXED, fields);
  }

  private List<MediaItem> changed(List<MediaItem> items, Map<String, String> fields) {
    return applied(Optional.of(items), false, fields);
  }

  private List<MediaItem> all(Optional<List<MediaItem>> items, Map<String, String> fields) {
    return applied(items, true, fields);
  }

  private List<MediaItem> all(List<MediaItem> items, String image, String video) {
    return all(Optional.of(items), Map.of("img1", image, "vid1", video));
  }

  private List<MediaItem> applied(
      Optional<List<MediaItem>> items, boolean all, Map<String, String> fields) {
    Change change = reader.slots(ID, all, fields, Precondition.NONE);
    return change.applyTo(items, ids::getAndIncrement).items().orElseThrow();
  }
}
