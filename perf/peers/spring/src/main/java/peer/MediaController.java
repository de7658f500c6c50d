package peer;

import jakarta.validation.Valid;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Canvas's routes, as far as the lab requests them. */
@RestController
class MediaController {

  private static final CacheControl NO_CACHE = CacheControl.noCache();

  private final MediaCache cache;
  private final JsonMapper json;

  MediaController(MediaCache cache, JsonMapper json) {
    this.cache = cache;
    this.json = json;
  }

  @GetMapping("/api/products/{id}/media")
  Mono<ResponseEntity<byte[]>> one(@PathVariable long id) {
    return await(cache.read(id))
        .map(document -> answer().eTag(document.etag()).body(document.body()))
        .defaultIfEmpty(ResponseEntity.notFound().build());
  }

  @GetMapping("/api/products/media")
  Mono<ResponseEntity<byte[]>> several(@RequestParam List<Long> ids) {
    List<Long> wanted = ids.stream().distinct().toList();
    return await(cache.read(wanted)).map(found -> answer().body(batch(wanted, found)));
  }

  @GetMapping("/api/images")
  Mono<ResponseEntity<byte[]>> images(@RequestParam("shoe_id") long id) {
    return await(cache.read(id))
        .map(
            document -> {
              Media media = json.readValue(document.body(), Media.class);
              return answer().body(json.writeValueAsBytes(Media.Images.of(id, media)));
            })
        .defaultIfEmpty(ResponseEntity.notFound().build());
  }

  @PutMapping("/api/products/{id}/media")
  Mono<ResponseEntity<byte[]>> write(@PathVariable long id, @Valid @RequestBody Media media) {
    return cache
        .write(id, json.writeValueAsString(media.media()))
        .map(document -> answer().eTag(document.etag()).body(document.body()));
  }

  /** One client that gives up must not end the read of the others. */
  private static <T> Mono<T> await(CompletableFuture<T> read) {
    return Mono.fromFuture(read, true);
  }

  private static byte[] batch(List<Long> ids, Map<Long, Document> found) {
    var body = new ByteArrayOutputStream(2_048 * ids.size());
    body.writeBytes(bytes("{\"found\":["));
    String separator = "";
    for (Long id : ids) {
      Document document = found.get(id);
      if (document != null) {
        body.writeBytes(bytes(separator));
        body.writeBytes(document.body());
        separator = ",";
      }
    }
    String missing =
        ids.stream().filter(id -> !found.containsKey(id)).map(String::valueOf).collect(Collectors.joining(","));
    body.writeBytes(bytes("],\"missing\":[" + missing + "]}"));
    return body.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The headers that Canvas sends. */
  private static ResponseEntity.BodyBuilder answer() {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .cacheControl(NO_CACHE)
        .varyBy("accept-encoding")
        .header("cache-status", "spring; hit")
        .header("access-control-allow-origin", "*")
        .header("access-control-expose-headers", "ETag, Cache-Status")
        .header("cross-origin-resource-policy", "cross-origin")
        .header("x-content-type-options", "nosniff")
        .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  }
}
