package dev.canvas.bus;

import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes the parts of messages to the wire; {@link WireReader} reads them. */
final class Wire {

  private Wire() {}

  static void writeId(Buffer wire, ProductId productId) {
    wire.appendLong(productId.value());
  }

  static void writeFlag(Buffer wire, boolean value) {
    wire.appendByte((byte) (value ? 1 : 0));
  }

  static void writeBytes(Buffer wire, Buffer bytes) {
    wire.appendInt(bytes.length()).appendBuffer(bytes);
  }

  static void writeText(Buffer wire, String text) {
    writeBytes(wire, Buffer.buffer(text));
  }

  static <T> void writeList(Buffer wire, List<T> list, BiConsumer<Buffer, T> element) {
    wire.appendInt(list.size());
    list.forEach(value -> element.accept(wire, value));
  }

  /** The media of a product that is known to the reader. */
  static void writeMedia(Buffer wire, Optional<ProductMedia> media) {
    writeFlag(wire, media.isPresent());
    media.ifPresent(
        present -> {
          wire.appendLong(present.version());
          writeBytes(wire, present.document());
        });
  }
}
