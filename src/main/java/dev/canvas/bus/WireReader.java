package dev.canvas.bus;

import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a message from the wire, from the front to the back. */
final class WireReader {

  private final Buffer wire;
  private int position;

  WireReader(Buffer wire, int position) {
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

  <T> List<T> readList(Function<WireReader, T> element) {
    int size = readInt();
    List<T> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(element.apply(this));
    }
    return list;
  }
}
