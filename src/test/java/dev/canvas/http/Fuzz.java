package dev.canvas.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Generates random parts of requests: mostly valid, some hostile. */
final class Fuzz {

  /** Few products, so that requests collide. */
  private static final List<String> PRODUCTS =
      List.of("0", "1", "2", "3", "42", "9007199254740991");

  private static final List<String> NO_PRODUCTS =
      List.of("-1", "9007199254740992", "x", "1.0", "%00", "%20", "1e3", "99999999999999999999");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "Left side",
          "\u0000",
          "\ud800",
          "\udfff\ud800",
          "😀",
          "\u202e",
          "<script>",
          "x".repeat(501),
          "😀".repeat(500),
          "%s%n",
          "'; drop table product_media; --",
          "\\",
          "null");

  private static final List<String> URLS =
      List.of(
          "/1.jpg",
          "https://a.example/1.jpg",
          "http://a.example/1.jpg",
          "//a.example",
          "",
          "javascript:alert(1)",
          "https://u@a.example/",
          "/%",
          "/" + "x".repeat(2_048),
          "/\u0000",
          "https://a.example:99999/",
          "https://[::1]/",
          "data:,",
          "/ä.jpg");

  private static final List<String> NAMES =
      List.of(
          "id",
          "type",
          "url",
          "alt",
          "decorative",
          "width",
          "height",
          "poster",
          "mime",
          "focal",
          "placeholder",
          "variants",
          "colour",
          "",
          "a/b~c",
          "x".repeat(300));

  private static final List<Object> VALUES =
      List.of(
          0,
          1,
          -1,
          1.5,
          1e300,
          Long.MAX_VALUE,
          1_000,
          true,
          false,
          "",
          "image",
          "image/webp",
          "#fff",
          new JsonObject(),
          new JsonArray(),
          new JsonObject().put("x", 0.5).put("y", 2),
          new JsonObject().put("x", 0.5).put("y", 0.25),
          new JsonArray().add("red").addNull());

  private static final List<String> NO_JSON =
      List.of(
          "",
          " ",
          "{",
          "[]",
          "null",
          "1",
          "\"x\"",
          "{\"media\":[],\"media\":[]}",
          "\ufeff{}",
          "[".repeat(2_000),
          "{\"media\":" + "[".repeat(500) + "]".repeat(500) + "}",
          "{\"media\":[" + "9".repeat(2_000) + "]}",
          "{}{}",
          "\u0000\u0000",
          "{\"media\":[NaN]}");

  private static final List<String> CONDITIONS =
      List.of(
          "*", "\"2\"", "\"3\", \"4\"", "W/\"2\"", "2", "\"", "\"x\"", "*, \"2\"", ",", "\"-1\"");

  private Fuzz() {}

  static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  static boolean rarely(Random random) {
    return random.nextInt(12) == 0;
  }

  static String productId(Random random) {
    return one(random, rarely(random) ? NO_PRODUCTS : PRODUCTS);
  }

  static String itemId(Random random) {
    return rarely(random) ? one(random, NO_PRODUCTS) : Integer.toString(1_000 + random.nextInt(12));
  }

  static String type(Random random) {
    return one(random, List.of("text/plain", "application/merge-patch+json", "x", "a/b; c=d"));
  }

  static String condition(Random random) {
    return one(random, CONDITIONS);
  }

  /** Generates a body for a route. */
  static String body(Random random, String path) {
    if (rarely(random)) {
      return noJson(random);
    }
    if (path.endsWith("/items")) {
      return item(random).encode();
    }
    if (path.endsWith("/{item}")) {
      return patch(random).encode();
    }
    if (path.endsWith("/order")) {
      return new JsonObject().put("order", order(random)).encode();
    }
    return path.equals("/api/images")
        ? slots(random).encode()
        : new JsonObject().put("media", items(random)).encode();
  }

  /** A text that is no JSON object, or none that a request may have. */
  static String noJson(Random random) {
    return one(random, NO_JSON);
  }

  /** A value of any type. */
  static Object value(Random random) {
    return one(random, VALUES);
  }

  /** Generates a message for one of the media addresses. */
  static Object message(Random random) {
    if (rarely(random)) {
      return one(random, List.of("x", 1, new JsonArray(), new JsonObject()));
    }
    JsonObject message = new JsonObject();
    message.put("product_id", rarely(random) ? one(random, VALUES) : random.nextInt(5));
    switch (random.nextInt(8)) {
      case 0 -> message.put("product_ids", new JsonArray().add(random.nextInt(5)).add(7));
      case 1, 2 -> message.put("media", items(random));
      case 3 -> message.put("op", "add").put("value", item(random));
      case 4 ->
          message
              .put("op", "update")
              .put("item", 1_000 + random.nextInt(12))
              .put("value", patch(random));
      case 5 -> message.put("op", "remove").put("item", 1_000 + random.nextInt(12));
      case 6 -> message.put("op", "order").put("order", order(random));
      default -> {}
    }
    if (rarely(random)) {
      message.put("if_version", random.nextInt(5));
    }
    if (rarely(random)) {
      message.put(
          one(random, List.of("op", "item", "position", "value", "order", "if_version")),
          one(random, VALUES));
    }
    return message;
  }

  /** Generates fields for {@code /api/images}. */
  static String form(Random random) {
    StringBuilder form = new StringBuilder();
    slots(random)
        .forEach(
            field ->
                form.append(form.isEmpty() ? "" : "&")
                    .append(field.getKey())
                    .append('=')
                    .append(
                        URLEncoder.encode(
                            String.valueOf(field.getValue()), StandardCharsets.UTF_8)));
    return rarely(random)
        ? form + one(random, List.of("&", "&%", "&a=%ff", "&img1=/1&img1=/2", "&="))
        : form.toString();
  }

  private static JsonObject slots(Random random) {
    JsonObject slots = new JsonObject();
    if (random.nextInt(3) > 0) {
      slots.put("shoe_id", rarely(random) ? one(random, VALUES) : random.nextInt(5));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      slots.put(one(random, List.of("img1", "img2", "img3", "vid1", "vid2")), url(random));
    }
    if (rarely(random)) {
      slots.put(one(random, List.of("img7", "img8", "vid0", "IMG1", "")), one(random, VALUES));
    }
    return slots;
  }

  private static JsonArray items(Random random) {
    JsonArray items = new JsonArray();
    for (int i = rarely(random) ? 51 : random.nextInt(4); i > 0; i--) {
      items.add(rarely(random) ? one(random, VALUES) : item(random));
    }
    return items;
  }

  private static JsonObject item(Random random) {
    JsonObject item =
        new JsonObject()
            .put("type", random.nextBoolean() ? "image" : "video")
            .put("url", url(random));
    return rarely(random) ? item.mergeIn(patch(random)) : item;
  }

  private static JsonObject patch(Random random) {
    JsonObject patch = new JsonObject();
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = one(random, NAMES);
      switch (random.nextInt(4)) {
        case 0 -> patch.putNull(name);
        case 1 -> patch.put(name, one(random, TEXTS));
        case 2 -> patch.put("alt", one(random, TEXTS));
        default -> patch.put(name, one(random, VALUES));
      }
    }
    return patch;
  }

  private static JsonArray order(Random random) {
    JsonArray order = new JsonArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      order.add(rarely(random) ? one(random, VALUES) : (Object) (1_000 + random.nextInt(12)));
    }
    return order;
  }

  private static String url(Random random) {
    return random.nextInt(4) > 0 ? "/" + random.nextInt(20) + ".jpg" : one(random, URLS);
  }
}
