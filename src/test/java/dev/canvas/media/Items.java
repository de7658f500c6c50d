package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** Creates items and asserts problems. */
final class Items {

  private Items() {}

  /** A picture without attributes; {@link MediaItem#NEW} stands for an id to be assigned. */
  static MediaItem picture(long id, String url) {
    return MediaItem.file(MediaItem.Type.IMAGE, url).withId(id);
  }

  static MediaItem video(long id, String url) {
    return MediaItem.file(MediaItem.Type.VIDEO, url).withId(id);
  }

  /** A picture with every attribute that a picture can have. */
  static MediaItem described(long id, String url) {
    return new MediaItem(
        id,
        MediaItem.Type.IMAGE,
        url,
        "Left side",
        false,
        800,
        1_000,
        null,
        "image/webp",
        new MediaItem.Focal(0.5, 0.25),
        "#d8d3cd",
        List.of("red", "blue"));
  }

  /** Pictures with the ids 1 … n. */
  static List<MediaItem> pictures(int n) {
    return java.util.stream.IntStream.rangeClosed(1, n)
        .mapToObj(id -> picture(id, "/" + id + ".jpg"))
        .toList();
  }

  static ProblemException refused(Problem problem, Executable change) {
    ProblemException refused = assertThrows(ProblemException.class, change);
    assertEquals(problem, refused.problem(), refused.getMessage());
    return refused;
  }

  /** Asserts that a call fails with faults at exactly these pointers. */
  static void assertInvalid(Executable change, String... pointers) {
    JsonArray errors =
        refused(Problem.INVALID_MEDIA, change).toJson().getJsonArray("errors", new JsonArray());
    assertEquals(
        Arrays.asList(pointers),
        errors.stream().map(error -> ((JsonObject) error).getString("pointer")).toList(),
        errors.encode());
  }
}
