package dev.canvas.http.bridge;

import dev.canvas.media.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * Writes the frames of Vert.x's TCP event-bus bridge: four bytes with the length, most significant
 * first, and JSON in UTF-8.
 */
final class BridgeFrames {

  private BridgeFrames() {}

  static Buffer pong() {
    return frame(new JsonObject().put("type", "pong"));
  }

  /** The answer to a request. */
  static Buffer reply(String replyAddress, JsonObject body) {
    return message(replyAddress, true, body);
  }

  /** An event at an address that the client has registered. */
  static Buffer event(String address, JsonObject body) {
    return message(address, false, body);
  }

  /**
   * The failure of a request.
   *
   * @param replyAddress null if the request has none
   */
  static Buffer failure(String address, String replyAddress, ProblemException problem) {
    JsonObject frame = new JsonObject().put("type", "err");
    if (replyAddress != null) {
      frame.put("address", replyAddress);
    }
    return frame(
        frame
            .put("sourceAddress", address)
            .put("failureCode", problem.problem().status())
            .put("failureType", "RECIPIENT_FAILURE")
            .put("message", problem.toJson().encode()));
  }

  /** What is wrong with a frame. */
  static Buffer error(String code, String detail) {
    return frame(new JsonObject().put("type", "err").put("message", code).put("detail", detail));
  }

  private static Buffer message(String address, boolean send, JsonObject body) {
    return frame(
        new JsonObject()
            .put("type", "message")
            .put("address", address)
            .put("headers", new JsonObject())
            .put("body", body)
            .put("send", send));
  }

  private static Buffer frame(JsonObject json) {
    Buffer bytes = json.toBuffer();
    return Buffer.buffer(bytes.length() + Integer.BYTES)
        .appendInt(bytes.length())
        .appendBuffer(bytes);
  }
}
