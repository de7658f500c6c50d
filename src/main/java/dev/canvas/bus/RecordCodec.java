package dev.canvas.bus;

import dev.canvas.media.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Passes an immutable record by reference within a node. Between nodes, encodes it as a version
 * byte and the form of the record. Thread-safe.
 */
final class RecordCodec<T> implements MessageCodec<T, T> {

  /** Must be raised when a form changes, so that nodes of different releases detect each other. */
  static final byte WIRE_VERSION = 1;

  private final Class<T> type;
  private final BiConsumer<Buffer, T> write;
  private final Function<Wire.Reader, T> read;

  RecordCodec(Class<T> type, BiConsumer<Buffer, T> write, Function<Wire.Reader, T> read) {
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
      throw Problem.UNAVAILABLE.because(
          "A node of another release sent a %s in wire version %d, but this node reads version %d."
              + " Run releases that fit on all nodes",
          type.getSimpleName(), version, WIRE_VERSION);
    }
    return read.apply(new Wire.Reader(wire, position + 1));
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
