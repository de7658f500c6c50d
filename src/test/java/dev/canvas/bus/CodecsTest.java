package dev.canvas.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Source;
import dev.canvas.media.Tiers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {

  private static final ProductId ID = new ProductId(ProductId.MAX);
  private static final Lookup FOUND =
      Lookup.found(Source.REDIS, ProductMedia.splice(ID, 7, Buffer.buffer("[\"ä\"]")));
  private static final Lookup ABSENT = Lookup.absent(Source.POSTGRES_BYPASS, new ProductId(0));

  static Stream<Object> messages() {
    return Stream.of(
        ID,
        new ProductIds(List.of(ID, new ProductId(3))),
        new PageRequest(ID, 24),
        FOUND,
        ABSENT,
        new Lookups(List.of(FOUND, ABSENT)),
        new Tiers(true, false));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageCrossesTheWireUnchanged(Object message) {
    MessageCodec<Object, Object> codec = codec(message.getClass());
    Buffer wire = Buffer.buffer("what stands before it");
    int position = wire.length();
    codec.encodeToWire(wire, message);
    assertEquals(message, codec.decodeFromWire(position, wire.appendString("and behind")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageWithinTheNodeIsTheSameObject(Object message) {
    assertSame(message, codec(message.getClass()).transform(message));
  }

  @Test
  void anotherWireVersionIsRefusedByName() {
    Buffer wire = Buffer.buffer().appendByte((byte) 99).appendLong(1);
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> codec(ProductId.class).decodeFromWire(0, wire));
    assertTrue(refused.getMessage().contains("wire version 99"), refused.getMessage());
  }

  @SuppressWarnings("unchecked")
  private static MessageCodec<Object, Object> codec(Class<?> type) {
    return (MessageCodec<Object, Object>)
        Codecs.ALL.stream().filter(codec -> codec.type() == type).findFirst().orElseThrow();
  }
}
