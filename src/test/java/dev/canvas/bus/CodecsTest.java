package dev.canvas.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.ItemPatch;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.Outcome;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {

  private static final ProductId ID = new ProductId(ProductId.MAX);
  private static final Lookup FOUND =
      Lookup.found(AnswerSource.REDIS, ProductMedia.splice(ID, 7, Buffer.buffer("[\"ä\"]")));
  private static final Lookup ABSENT =
      Lookup.absent(AnswerSource.POSTGRES_BYPASS, new ProductId(0));

  private static final MediaItem ITEM = MediaItem.file(MediaItem.Type.IMAGE, "/ä.jpg");
  private static final Precondition VERSIONS = Precondition.version(Set.of(7L, 8L));

  static Stream<Object> messages() {
    return Stream.concat(
        Stream.of(new Messages.ChangeBatch(writes().toList())),
        Stream.concat(reads(), Stream.concat(writes().map(Messages.WriteRequest::new), written())));
  }

  @Test
  void anOutcomeIsDecodedAsItWasEncoded() {
    ProblemException problem =
        Problem.INVALID_MEDIA.because("Fäulty").with("errors", new JsonArray().add("/url"));
    Messages.Outcomes sent =
        new Messages.Outcomes(
            List.of(
                new Outcome.Made(7, Written.Effect.CREATED),
                new Outcome.Refused(problem),
                new Outcome.Made(8, Written.Effect.UNCHANGED)));
    RecordCodec<Messages.Outcomes> codec =
        Codecs.ALL.stream()
            .filter(each -> each.type() == Messages.Outcomes.class)
            .map(
                each -> {
                  @SuppressWarnings("unchecked")
                  RecordCodec<Messages.Outcomes> typed = (RecordCodec<Messages.Outcomes>) each;
                  return typed;
                })
            .findFirst()
            .orElseThrow();
    Buffer wire = Buffer.buffer("before");
    codec.encodeToWire(wire, sent);
    List<Outcome> decoded = codec.decodeFromWire("before".length(), wire).values();
    assertEquals(sent.values().get(0), decoded.get(0));
    assertEquals(
        problem.toJson(),
        assertInstanceOf(Outcome.Refused.class, decoded.get(1)).problem().toJson());
    assertEquals(sent.values().get(2), decoded.get(2));
  }

  private static Stream<Change> writes() {
    return Stream.of(
        new Change.Replace(ID, List.of(ITEM, described()), Precondition.ABSENT),
        new Change.Replace(ID, List.of(), Precondition.PRESENT),
        new Change.Import(ID, List.of(ITEM, described()), VERSIONS),
        new Change.Add(ID, ITEM, OptionalInt.empty(), VERSIONS),
        new Change.Add(ID, described(), OptionalInt.of(0), Precondition.NONE),
        new Change.Update(ID, 1_002, new ItemPatch("{\"alt\":\"ä\"}"), VERSIONS),
        new Change.Remove(ID, ProductId.MAX, Precondition.NONE),
        new Change.Order(ID, List.of(3L, 1L), Precondition.NONE),
        new Change.Delete(ID, VERSIONS),
        new Change.Slots(ID, true, Map.of(1, "/ä.jpg", 7, ""), Map.of(), Precondition.ABSENT),
        new Change.Slots(ID, false, Map.of(), Map.of(2, "/v.webm"), Precondition.NONE));
  }

  private static Stream<Written> written() {
    return Stream.of(
        new Written(ID, 7, Written.Effect.CREATED, FOUND.media(), OptionalLong.of(1_000)),
        new Written(ID, 8, Written.Effect.DELETED, Optional.empty(), OptionalLong.empty()));
  }

  private static MediaItem described() {
    return new MediaItem(
        1,
        MediaItem.Type.VIDEO,
        "/v.webm",
        "On foot",
        false,
        1,
        2,
        "/p.jpg",
        "video/webm",
        new MediaItem.Focal(0.1, 1),
        "#eee",
        List.of("red"));
  }

  private static Stream<Object> reads() {
    return Stream.of(
        ID,
        new Messages.ProductIds(List.of(ID, new ProductId(3))),
        new Messages.PageRequest(ID, 24),
        FOUND,
        ABSENT,
        new Messages.Lookups(List.of(FOUND, ABSENT)),
        new Messages.Reads("canvas.data.answers@one#1", 7, List.of(ID, new ProductId(3))),
        new Messages.Answers(
            List.of(new Messages.Found(7, FOUND), new Messages.Found(9, ABSENT)), List.of()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageCrossesTheWireUnchanged(Object message) {
    MessageCodec<Object, Object> codec = codec(message.getClass());
    Buffer wire = Buffer.buffer("what precedes it");
    int position = wire.length();
    codec.encodeToWire(wire, message);
    assertEquals(message, codec.decodeFromWire(position, wire.appendString("and follows it")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageWithinTheNodeIsTheSameObject(Object message) {
    assertSame(message, codec(message.getClass()).transform(message));
  }

  @Test
  void anotherWireVersionIsRefusedWithItsNumber() {
    Buffer wire = Buffer.buffer().appendByte((byte) 99).appendLong(1);
    ProblemException refused =
        assertThrows(ProblemException.class, () -> codec(ProductId.class).decodeFromWire(0, wire));
    assertTrue(refused.getMessage().contains("wire version 99"), refused.getMessage());
  }

  @SuppressWarnings("unchecked")
  private static MessageCodec<Object, Object> codec(Class<?> type) {
    return (MessageCodec<Object, Object>)
        Codecs.ALL.stream().filter(codec -> codec.type() == type).findFirst().orElseThrow();
  }
}
