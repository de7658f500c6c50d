package dev.canvas.http;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A route as {@code openapi.json} documents it.
 *
 * @param path with {@code {id}} and {@code {item}}
 * @param statuses by method
 */
public record Documented(String path, Map<String, Set<Integer>> statuses) {

  private static final String FILE = "/dev/canvas/http/api/openapi.json";
  private static final Set<String> OTHER_MEMBERS = Set.of("parameters");

  /** All routes. */
  static List<Documented> routes() {
    JsonObject paths = document().getJsonObject("paths");
    return paths.fieldNames().stream()
        .sorted()
        .map(path -> new Documented(path, statuses(paths.getJsonObject(path))))
        .toList();
  }

  static JsonObject document() {
    try (InputStream bytes = Documented.class.getResourceAsStream(FILE)) {
      return new JsonObject(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Map<String, Set<Integer>> statuses(JsonObject route) {
    Map<String, Set<Integer>> byMethod = new TreeMap<>();
    byMethod.put("OPTIONS", Set.of(204));
    for (String member : route.fieldNames()) {
      if (!OTHER_MEMBERS.contains(member)) {
        JsonObject responses = route.getJsonObject(member).getJsonObject("responses");
        byMethod.put(
            member.toUpperCase(Locale.ROOT),
            responses.fieldNames().stream().map(Integer::valueOf).collect(Collectors.toSet()));
      }
    }
    if (byMethod.containsKey("GET")) {
      byMethod.put("HEAD", byMethod.get("GET"));
    }
    return byMethod;
  }

  /** The methods of the route. */
  Set<String> methods() {
    return statuses.keySet();
  }
}
