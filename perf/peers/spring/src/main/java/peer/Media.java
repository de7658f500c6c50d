package peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** The media of a product, as they are written, and as the first service's API reads them. */
record Media(@NotNull @Size(max = 50) List<@Valid @NotNull Item> media) {

  /** One picture or video. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Item(
      Long id,
      @NotNull @Pattern(regexp = "image|video") String type,
      @NotNull @Size(max = 2_048) @Pattern(regexp = "(https:/)?/[^/].*") String url,
      @Size(max = 500) String alt,
      Boolean decorative,
      @Min(1) @Max(100_000) Integer width,
      @Min(1) @Max(100_000) Integer height,
      @Size(max = 2_048) String poster,
      String mime,
      String placeholder) {}

  /** The first service's answer. */
  record Images(
      @JsonProperty("shoe_id") long shoeId, String source, List<String> data, List<String> videos) {

    static Images of(long id, Media media) {
      return new Images(id, "cache", urls(media, "image"), urls(media, "video"));
    }

    private static List<String> urls(Media media, String type) {
      return media.media().stream()
          .filter(item -> item.type().equals(type))
          .map(Item::url)
          .toList();
    }
  }
}
