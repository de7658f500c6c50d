package dev.canvas.bus;

import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Writes the parts of a message to the wire between nodes; {@link Reader} reads them. */
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

  /** Writes media without their product id, which the message carries already. */
  static void writeMedia(Buffer wire, Optional<ProductMedia> media) {
    writeFlag(wire, media.isPresent());
    media.ifPresent(
        present -> {
          wire.appendLong(present.version());
          writeBytes(wire, present.document());
        });
  }

  /** Reads the parts of a message in the order in which they were written. Not thread-safe. */
  static final class Reader {

    private final Buffer wire;
    private int position;

    Reader(Buffer wire, int position) {
      this.wire = wire;
      this.position = position;
    }

    byte readByte() {
      return wire.getByte(position++);
    }

    int readInt() {
      position += Integer.BYTES;
      return wire.getInt(position - Integer.BYTES);
    }

    long readLong() {
      position += Long.BYTES;
      return wire.getLong(position - Long.BYTES);
    }

    Buffer readBytes() {
      int length = readInt();
      position += length;
      return wire.getBuffer(position - length, position);
    }

    boolean readFlag() {
      return readByte() == 1;
    }

    String readText() {
      return readBytes().toString();
    }

    ProductId readId() {
      return new ProductId(readLong());
    }

    Optional<ProductMedia> readMedia(ProductId productId) {
      return readFlag()
          ? Optional.of(new ProductMedia(productId, readLong(), readBytes()))
          : Optional.empty();
    }

    <T> List<T> readList(Function<Reader, T> element) {
      int size = readInt();
      List<T> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(element.apply(this));
      }
      return list;
    }
  }
}
