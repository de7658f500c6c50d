package dev.canvas.bus;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.OptionalLong;

/** The codecs of all messages between the verticles of Canvas. Thread-safe. */
public final class Codecs {

  static final List<RecordCodec<?>> ALL =
      List.of(
          new RecordCodec<>(ProductId.class, Wire::writeId, Wire.Reader::readId),
          new RecordCodec<>(
              Messages.Reads.class,
              (wire, reads) -> {
                Wire.writeText(wire, reads.replyTo());
                wire.appendLong(reads.first());
                Wire.writeList(wire, reads.productIds(), Wire::writeId);
              },
              wire ->
                  new Messages.Reads(
                      wire.readText(), wire.readLong(), wire.readList(Wire.Reader::readId))),
          new RecordCodec<>(
              Messages.Answers.class,
              (wire, answers) -> {
                Wire.writeList(wire, answers.found(), Codecs::writeFound);
                Wire.writeList(wire, answers.failed(), Codecs::writeFailed);
              },
              wire ->
                  new Messages.Answers(
                      wire.readList(Codecs::readFound), wire.readList(Codecs::readFailed))),
          new RecordCodec<>(
              Messages.ProductIds.class,
              (wire, ids) -> Wire.writeList(wire, ids.values(), Wire::writeId),
              wire -> new Messages.ProductIds(wire.readList(Wire.Reader::readId))),
          new RecordCodec<>(
              Messages.PageRequest.class,
              (wire, page) -> {
                Wire.writeId(wire, page.from());
                wire.appendInt(page.limit());
              },
              wire -> new Messages.PageRequest(wire.readId(), wire.readInt())),
          new RecordCodec<>(Lookup.class, Codecs::writeLookup, Codecs::readLookup),
          new RecordCodec<>(
              Messages.Lookups.class,
              (wire, lookups) -> Wire.writeList(wire, lookups.values(), Codecs::writeLookup),
              wire -> new Messages.Lookups(wire.readList(Codecs::readLookup))),
          new RecordCodec<>(
              Messages.WriteRequest.class,
              (wire, request) -> ChangeWire.write(wire, request.change()),
              wire -> new Messages.WriteRequest(ChangeWire.read(wire))),
          new RecordCodec<>(Written.class, Codecs::writeWritten, Codecs::readWritten),
          new RecordCodec<>(
              Messages.ChangeBatch.class,
              (wire, batch) -> Wire.writeList(wire, batch.changes(), ChangeWire::write),
              wire -> new Messages.ChangeBatch(wire.readList(ChangeWire::read))),
          new RecordCodec<>(
              Messages.Outcomes.class,
              (wire, outcomes) -> Wire.writeList(wire, outcomes.values(), Codecs::writeOutcome),
              wire -> new Messages.Outcomes(wire.readList(Codecs::readOutcome))));

  /** For requests on a lane, which never leave their event loop. */
  @SuppressWarnings("rawtypes")
  private static final RecordCodec<LaneClient.LaneRequest> LANE =
      new RecordCodec<>(
          LaneClient.LaneRequest.class,
          (wire, request) -> {
            throw new UnsupportedOperationException(
                "A request on a lane must not leave its event loop");
          },
          wire -> {
            throw new UnsupportedOperationException(
                "A request on a lane must not leave its event loop");
          });

  private Codecs() {}

  /**
   * Registers all codecs. Must be called once per Vert.x instance, before any verticle is deployed.
   */
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

  private static Lookup readLookup(Wire.Reader wire) {
    ProductId productId = wire.readId();
    AnswerSource source = AnswerSource.valueOf(wire.readText());
    return new Lookup(productId, source, wire.readMedia(productId));
  }

  private static void writeFound(Buffer wire, Messages.Found found) {
    wire.appendLong(found.number());
    writeLookup(wire, found.lookup());
  }

  private static Messages.Found readFound(Wire.Reader wire) {
    return new Messages.Found(wire.readLong(), readLookup(wire));
  }

  private static void writeFailed(Buffer wire, Messages.Failed failed) {
    wire.appendLong(failed.number());
    writeProblem(wire, failed.problem());
  }

  private static Messages.Failed readFailed(Wire.Reader wire) {
    return new Messages.Failed(wire.readLong(), readProblem(wire));
  }

  private static void writeProblem(Buffer wire, ProblemException problem) {
    Wire.writeText(wire, problem.toJson().encode());
  }

  private static ProblemException readProblem(Wire.Reader wire) {
    return ProblemException.fromJson(wire.readText());
  }

  private static void writeOutcome(Buffer wire, Outcome outcome) {
    Wire.writeFlag(wire, outcome instanceof Outcome.Made);
    if (outcome instanceof Outcome.Made made) {
      wire.appendLong(made.version());
      Wire.writeText(wire, made.effect().name());
    } else if (outcome instanceof Outcome.Refused refused) {
      writeProblem(wire, refused.problem());
    }
  }

  private static Outcome readOutcome(Wire.Reader wire) {
    return wire.readFlag()
        ? new Outcome.Made(wire.readLong(), Written.Effect.valueOf(wire.readText()))
        : new Outcome.Refused(readProblem(wire));
  }

  private static void writeWritten(Buffer wire, Written written) {
    Wire.writeId(wire, written.productId());
    wire.appendLong(written.version());
    Wire.writeText(wire, written.effect().name());
    Wire.writeMedia(wire, written.media());
    Wire.writeFlag(wire, written.itemId().isPresent());
    written.itemId().ifPresent(wire::appendLong);
  }

  private static Written readWritten(Wire.Reader wire) {
    ProductId productId = wire.readId();
    return new Written(
        productId,
        wire.readLong(),
        Written.Effect.valueOf(wire.readText()),
        wire.readMedia(productId),
        wire.readFlag() ? OptionalLong.of(wire.readLong()) : OptionalLong.empty());
  }
}
