package peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A product's document as it is sent, and its version. In Redis, 16 digits of it precede the document. */
record Document(String version, byte[] body) {

  private static final int DIGITS = 16;

  static Document of(long productId, long version, String media) {
    String text = "{\"product_id\":" + productId + ",\"version\":" + version + ",\"media\":" + media + "}";
    return new Document(Long.toString(version), text.getBytes(StandardCharsets.UTF_8));
  }

  static Document fromRedis(byte[] value) {
    String version = new String(value, 0, DIGITS, StandardCharsets.ISO_8859_1);
    return new Document(version, Arrays.copyOfRange(value, DIGITS, value.length));
  }

  byte[] toRedis() {
    byte[] value = Arrays.copyOf(version.getBytes(StandardCharsets.ISO_8859_1), DIGITS + body.length);
    System.arraycopy(body, 0, value, DIGITS, body.length);
    return value;
  }

  String etag() {
    return '"' + version + '"';
  }
}
