package dev.canvas.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Passes an immutable record by reference within a node, and as a version byte and the record's own
 * form between nodes. Thread-safe.
 */
final class RecordCodec<T> implements MessageCodec<T, T> {

  /** Raised when a form changes, so that nodes of two releases tell each other apart. */
  private static final byte WIRE_VERSION = 1;

  private final Class<T> type;
  private final BiConsumer<Buffer, T> write;
  private final Function<WireReader, T> read;

  RecordCodec(Class<T> type, BiConsumer<Buffer, T> write, Function<WireReader, T> read) {
    this.type = type;
    this.write = write;
    this.read = read;
  }

  Class<T> type() {
    return type;
  }

  @Override
  public void encodeToWire(Buffer wire, T message) {
    wire.appendByte(WIRE_VERSION);
    write.accept(wire, message);
  }

  @Override
  public T decodeFromWire(int position, Buffer wire) {
    byte version = wire.getByte(position);
    if (version != WIRE_VERSION) {
      throw new IllegalStateException(
          type.getSimpleName()
              + " came in wire version "
              + version
              + ", this node reads "
              + WIRE_VERSION
              + ": bring all nodes to the same release");
    }
    return read.apply(new WireReader(wire, position + 1));
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return "canvas." + type.getSimpleName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
