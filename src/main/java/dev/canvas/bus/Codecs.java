package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Source;
import dev.canvas.media.Tiers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.function.BiConsumer;

/** The codecs of all messages between the verticles of Canvas. */
public final class Codecs {

  static final List<RecordCodec<?>> ALL =
      List.of(
          new RecordCodec<>(ProductId.class, Codecs::writeId, Codecs::readId),
          new RecordCodec<>(
              ProductIds.class,
              (wire, ids) -> writeList(wire, ids.values(), Codecs::writeId),
              wire -> new ProductIds(wire.readList(Codecs::readId))),
          new RecordCodec<>(
              PageRequest.class,
              (wire, page) -> {
                writeId(wire, page.from());
                wire.appendInt(page.limit());
              },
              wire -> new PageRequest(readId(wire), wire.readInt())),
          new RecordCodec<>(Lookup.class, Codecs::writeLookup, Codecs::readLookup),
          new RecordCodec<>(
              Lookups.class,
              (wire, lookups) -> writeList(wire, lookups.values(), Codecs::writeLookup),
              wire -> new Lookups(wire.readList(Codecs::readLookup))),
          new RecordCodec<>(
              Tiers.class,
              (wire, tiers) -> wire.appendByte(flag(tiers.cache())).appendByte(flag(tiers.store())),
              wire -> new Tiers(wire.readByte() == 1, wire.readByte() == 1)));

  private Codecs() {}

  /** Registers all codecs; once a Vert.x instance, before any verticle is deployed. */
  public static void register(EventBus bus) {
    ALL.forEach(codec -> register(bus, codec));
  }

  private static <T> void register(EventBus bus, RecordCodec<T> codec) {
    bus.registerDefaultCodec(codec.type(), codec);
  }

  private static void writeId(Buffer wire, ProductId productId) {
    wire.appendLong(productId.value());
  }

  private static ProductId readId(WireReader wire) {
    return new ProductId(wire.readLong());
  }

  private static void writeLookup(Buffer wire, Lookup lookup) {
    writeId(wire, lookup.productId());
    writeBytes(wire, Buffer.buffer(lookup.source().name()));
    wire.appendByte(flag(lookup.media().isPresent()));
    lookup
        .media()
        .ifPresent(
            media -> {
              wire.appendLong(media.version());
              writeBytes(wire, media.document());
            });
  }

  private static Lookup readLookup(WireReader wire) {
    ProductId productId = readId(wire);
    Source source = Source.valueOf(wire.readBytes().toString());
    return wire.readByte() == 0
        ? Lookup.absent(source, productId)
        : Lookup.found(source, new ProductMedia(productId, wire.readLong(), wire.readBytes()));
  }

  private static void writeBytes(Buffer wire, Buffer bytes) {
    wire.appendInt(bytes.length()).appendBuffer(bytes);
  }

  private static <T> void writeList(Buffer wire, List<T> list, BiConsumer<Buffer, T> element) {
    wire.appendInt(list.size());
    list.forEach(value -> element.accept(wire, value));
  }

  private static byte flag(boolean value) {
    return (byte) (value ? 1 : 0);
  }
}
