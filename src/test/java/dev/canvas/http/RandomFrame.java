package dev.canvas.http;

import dev.canvas.client.Addresses;
import dev.canvas.media.ProblemException;
import dev.canvas.media.StrictJson;
import dev.canvas.testing.NotUtf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * What a client of the bridges may send as a frame, whether or not it is one. Immutable.
 *
 * @param content its bytes
 * @param json what is in it; empty if it cannot be read as an object
 */
record RandomFrame(Buffer content, Optional<JsonObject> json) {

  private static final List<Object> TYPES =
      List.of("ping", "send", "send", "register", "unregister", "publish", "rec", "", " ", "PING");

  private static final List<Object> ADDRESSES =
      List.of(
          Addresses.MEDIA_GET,
          Addresses.MEDIA_BATCH,
          Addresses.MEDIA_PUT,
          Addresses.MEDIA_PATCH,
          Addresses.MEDIA_DELETE,
          Addresses.SEED_START,
          Addresses.VERTICLES,
          Addresses.MEDIA_CHANGED,
          Addresses.MEDIA_CHANGED + ".7",
          Addresses.MEDIA_CHANGED + ".8",
          Addresses.MEDIA_CHANGED + ".08",
          Addresses.MEDIA_CHANGED + ".9007199254740992",
          "canvas.data.get",
          "canvas.node",
          "__vertx.reply.1",
          "*",
          "",
          "\u0000",
          "x".repeat(300));

  private static final List<Object> HEADERS =
      List.of(
          new JsonObject(),
          new JsonObject().put("authorization", new JsonArray()),
          new JsonObject().put("Authorization", "Bearer x").putNull("authorization"));

  private static final Pattern FOLLOWED = Pattern.compile("canvas\\.media\\.changed\\.[78]");

  private static final List<String> NAMES =
      List.of("type", "address", "replyAddress", "headers", "body", "");

  /** Below what a parser takes, and above it. */
  private static final List<Integer> DEPTHS = List.of(3, 200, 400);

  /** Makes one up; half of them are objects whose members may have any value. */
  static RandomFrame any(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> of(NotUtf8.random(readable(random).encode(), random));
      case 1 -> of(noise(random));
      case 2 -> of(Fuzz.noJson(random).getBytes(StandardCharsets.UTF_8));
      case 3 -> of(damaged(readable(random).encode(), random));
      default -> of(readable(random).encode().getBytes(StandardCharsets.UTF_8));
    };
  }

  /** A frame with these bytes. */
  static RandomFrame of(byte[] bytes) {
    Buffer content = Buffer.buffer(bytes);
    try {
      return new RandomFrame(content, Optional.of(StrictJson.object(content, "It")));
    } catch (ProblemException unreadable) {
      return new RandomFrame(content, Optional.empty());
    }
  }

  /** Its bytes. */
  byte[] bytes() {
    return content.getBytes();
  }

  /** Its member {@code type}, if it is a text. */
  String type() {
    return text("type");
  }

  /** Its member {@code address}, if it is a text. */
  String address() {
    return text("address");
  }

  /** Its member {@code replyAddress}, if it is a text. */
  String replyAddress() {
    return text("replyAddress");
  }

  private String text(String name) {
    return json.map(object -> object.getValue(name)).orElse(null) instanceof String text
        ? text
        : null;
  }

  /** Whether its address is that of the changes of a product. */
  boolean isOfAProduct() {
    return address() != null && FOLLOWED.matcher(address()).matches();
  }

  /** Its bytes as a text in UTF-8. */
  String text() {
    return content.toString(StandardCharsets.UTF_8);
  }

  /** Its bytes as characters of Latin-1. */
  @Override
  public String toString() {
    return content.toString(StandardCharsets.ISO_8859_1);
  }

  private static JsonObject readable(Random random) {
    JsonObject frame = new JsonObject();
    put(frame, "type", TYPES, random);
    put(frame, "address", ADDRESSES, random);
    put(frame, "replyAddress", List.of("r" + random.nextInt(1_000_000), ""), random);
    put(frame, "headers", HEADERS, random);
    frame.put("body", Fuzz.rarely(random) ? nested(random) : Fuzz.message(random));
    if (Fuzz.rarely(random)) {
      frame.remove(Fuzz.one(random, NAMES));
    }
    return frame;
  }

  private static void put(JsonObject frame, String name, List<Object> values, Random random) {
    frame.put(name, Fuzz.rarely(random) ? Fuzz.value(random) : Fuzz.one(random, values));
  }

  private static Object nested(Random random) {
    Object inner = Fuzz.value(random);
    for (int depth = Fuzz.one(random, DEPTHS); depth > 0; depth--) {
      inner = random.nextBoolean() ? new JsonArray().add(inner) : new JsonObject().put("a", inner);
    }
    return inner;
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Cut short, or with a byte that is another one. */
  private static byte[] damaged(String frame, Random random) {
    byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(bytes.length);
    if (random.nextBoolean() && at > 0) {
      return Arrays.copyOf(bytes, at);
    }
    bytes[at] = (byte) random.nextInt(128);
    return bytes;
  }
}
