package dev.canvas.bus;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.OptionalLong;

/** The codecs of all messages between the verticles of Canvas. */
public final class Codecs {

  static final List<RecordCodec<?>> ALL =
      List.of(
          new RecordCodec<>(ProductId.class, Wire::writeId, WireReader::readId),
          new RecordCodec<>(
              ProductIds.class,
              (wire, ids) -> Wire.writeList(wire, ids.values(), Wire::writeId),
              wire -> new ProductIds(wire.readList(WireReader::readId))),
          new RecordCodec<>(
              PageRequest.class,
              (wire, page) -> {
                Wire.writeId(wire, page.from());
                wire.appendInt(page.limit());
              },
              wire -> new PageRequest(wire.readId(), wire.readInt())),
          new RecordCodec<>(Lookup.class, Codecs::writeLookup, Codecs::readLookup),
          new RecordCodec<>(
              Lookups.class,
              (wire, lookups) -> Wire.writeList(wire, lookups.values(), Codecs::writeLookup),
              wire -> new Lookups(wire.readList(Codecs::readLookup))),
          new RecordCodec<>(WriteRequest.class, ChangeWire::write, ChangeWire::read),
          new RecordCodec<>(Written.class, Codecs::writeWritten, Codecs::readWritten),
          new RecordCodec<>(ChangeBatch.class, ChangeWire::writeBatch, ChangeWire::readBatch),
          new RecordCodec<>(
              Outcomes.class,
              (wire, outcomes) -> Wire.writeList(wire, outcomes.values(), Codecs::writeOutcome),
              wire -> new Outcomes(wire.readList(Codecs::readOutcome))),
          new RecordCodec<>(
              MediaService.Tiers.class,
              (wire, tiers) -> {
                Wire.writeFlag(wire, tiers.cache());
                Wire.writeFlag(wire, tiers.store());
              },
              wire -> new MediaService.Tiers(wire.readFlag(), wire.readFlag())));

  /** Never leaves its event loop. */
  @SuppressWarnings("rawtypes")
  private static final RecordCodec<LaneRequest> LANE =
      new RecordCodec<>(
          LaneRequest.class,
          (wire, request) -> {
            throw new UnsupportedOperationException("A lane is of one event loop");
          },
          wire -> {
            throw new UnsupportedOperationException("A lane is of one event loop");
          });

  private Codecs() {}

  /** Registers all codecs; once a Vert.x instance, before any verticle is deployed. */
  public static void register(EventBus bus) {
    ALL.forEach(codec -> register(bus, codec));
    register(bus, LANE);
  }

  private static <T> void register(EventBus bus, RecordCodec<T> codec) {
    bus.registerDefaultCodec(codec.type(), codec);
  }

  private static void writeLookup(Buffer wire, Lookup lookup) {
    Wire.writeId(wire, lookup.productId());
    Wire.writeText(wire, lookup.source().name());
    Wire.writeMedia(wire, lookup.media());
  }

  private static Lookup readLookup(WireReader wire) {
    ProductId productId = wire.readId();
    AnswerSource source = AnswerSource.valueOf(wire.readText());
    return new Lookup(productId, source, wire.readMedia(productId));
  }

  private static void writeOutcome(Buffer wire, Outcome outcome) {
    Wire.writeFlag(wire, outcome instanceof Outcome.Made);
    if (outcome instanceof Outcome.Made made) {
      wire.appendLong(made.version());
      Wire.writeText(wire, made.effect().name());
    } else if (outcome instanceof Outcome.Refused refused) {
      Wire.writeText(wire, refused.problem().toJson().encode());
    }
  }

  private static Outcome readOutcome(WireReader wire) {
    return wire.readFlag()
        ? new Outcome.Made(wire.readLong(), Written.Effect.valueOf(wire.readText()))
        : new Outcome.Refused(ProblemException.fromJson(wire.readText()));
  }

  private static void writeWritten(Buffer wire, Written written) {
    Wire.writeId(wire, written.productId());
    wire.appendLong(written.version());
    Wire.writeText(wire, written.effect().name());
    Wire.writeMedia(wire, written.media());
    Wire.writeFlag(wire, written.itemId().isPresent());
    written.itemId().ifPresent(wire::appendLong);
  }

  private static Written readWritten(WireReader wire) {
    ProductId productId = wire.readId();
    return new Written(
        productId,
        wire.readLong(),
        Written.Effect.valueOf(wire.readText()),
        wire.readMedia(productId),
        wire.readFlag() ? OptionalLong.of(wire.readLong()) : OptionalLong.empty());
  }
}
