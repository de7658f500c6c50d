package dev.canvas.data.couchdb;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The writer's requests, and how it interprets CouchDB's answers. */
class CouchDbWriterTest {

  private static final List<RowWrite> ONE = List.of(write(1, "", "[]"));

  private FakeCouchDb couchDb;
  private CouchDbWriter writer;

  @BeforeEach
  void connect() {
    couchDb = new FakeCouchDb();
    writer =
        new CouchDbWriter(
            couchDb.loop(), new OutageLog("CouchDB"), couchDb.settings(), FakeCouchDb.DEADLINE);
    couchDb.call(writer::connect);
  }

  @AfterEach
  void close() {
    couchDb.call(() -> Future.succeededFuture().onComplete(now -> writer.close()));
    couchDb.close();
  }

  @Test
  void aGroupIsOneRequestAndEachRowHasItsOwnOutcome() {
    couchDb.answer(
        201,
        "[{\"ok\":true,\"id\":\"0000000000000001\",\"rev\":\"1-a\"},"
            + "{\"ok\":true,\"id\":\"0000000000000002\",\"rev\":\"8-b\"},"
            + "{\"id\":\"0000000000000003\",\"error\":\"conflict\",\"reason\":\"\"},"
            + "{\"id\":\"0000000000000004\",\"error\":\"forbidden\",\"reason\":\"no\"}]");
    Writer.CommitResult commit =
        couchDb.call(
            () ->
                writer.commit(
                    List.of(
                        write(1, "", "[\"ä\\\"\"]"),
                        write(2, "7-b", null),
                        write(3, "2-c", "[]"),
                        write(4, "", "[]"))));
    assertEquals(
        Map.of(new ProductId(1), FakeCouchDb.EPOCH + 1, new ProductId(2), FakeCouchDb.EPOCH + 8),
        commit.versions());
    assertEquals(Set.of(new ProductId(4)), commit.refused());
    assertEquals(1, couchDb.requests().size());
    assertEquals(
        "POST /canvas/_bulk_docs Basic Y2FudmFzOnNlY3JldA== {\"docs\":["
            + "{\"_id\":\"0000000000000001\",\"media\":\"[\\\"ä\\\\\\\"\\\"]\"},"
            + "{\"_id\":\"0000000000000002\",\"_rev\":\"7-b\",\"_deleted\":true},"
            + "{\"_id\":\"0000000000000003\",\"_rev\":\"2-c\",\"media\":\"[]\"},"
            + "{\"_id\":\"0000000000000004\",\"media\":\"[]\"}]}",
        couchDb.requests().get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 500, 502, 503, 504})
  void aFailureAfterAPossibleWriteIsUnknown(int status) {
    couchDb.answer(status, "{\"error\":\"timeout\",\"reason\":\"\"}");
    assertThrows(Writer.OutcomeUnknownException.class, this::commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "", "{}", "[{}]"})
  void anInvalidAnswerLeavesTheOutcomeUnknown(String body) {
    couchDb.answer(201, body);
    assertThrows(Writer.OutcomeUnknownException.class, this::commit);
  }

  @Test
  void aTimeoutIsUnknownUntilTheServerHasAnsweredForTwoSeconds() {
    couchDb.silence();
    Writer.OutcomeUnknownException unknown =
        assertThrows(Writer.OutcomeUnknownException.class, this::commit);
    await().until(writer::isUp);
    long began = System.nanoTime();
    assertFalse(couchDb.call(unknown.inFlightCommit()::hasEnded), "it has just answered");
    await().until(() -> couchDb.call(unknown.inFlightCommit()::hasEnded));
    assertTrue(System.nanoTime() - began >= 2_000_000_000L, "too soon");
  }

  @Test
  void aLostConnectionLeavesTheOutcomeUnknown() {
    couchDb.cut();
    assertThrows(Writer.OutcomeUnknownException.class, this::commit);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429})
  void aServerThatDeniesAccessIsUnavailable(int status) {
    couchDb.answer(status, "{\"error\":\"unauthorized\",\"reason\":\"who?\"}");
    ProblemException problem = assertThrows(ProblemException.class, this::commit);
    assertEquals(Problem.UNAVAILABLE, problem.problem());
    assertTrue(problem.getMessage().contains("who?"), problem.getMessage());
  }

  @Test
  void aServerThatDoesNotListenIsUnavailable() {
    couchDb.stop();
    ProblemException problem = assertThrows(ProblemException.class, this::commit);
    assertEquals(Problem.UNAVAILABLE, problem.problem());
    assertEquals(Problem.UNAVAILABLE, assertThrows(ProblemException.class, this::commit).problem());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 415})
  void aRefusedRequestWritesNothingAndKeepsTheConnection(int status) {
    couchDb.answer(status, "{\"error\":\"bad_request\",\"reason\":\"\"}");
    Writer.RefusedException refused = assertThrows(Writer.RefusedException.class, this::commit);
    assertFalse(refused.isTransient());
    assertTrue(writer.isUp());
  }

  @Test
  void itemIdsTakenByOthersAreSkipped() {
    couchDb.answerCatalogue(200, "{\"_rev\":\"1-a\",\"epoch\":1,\"next_item_id\":1000}");
    couchDb.answerCatalogue(409, "{\"error\":\"conflict\",\"reason\":\"\"}");
    couchDb.answerCatalogue(200, "{\"_rev\":\"2-b\",\"epoch\":1,\"next_item_id\":5000}");
    couchDb.answerCatalogue(201, "{\"ok\":true,\"rev\":\"3-c\"}");
    assertEquals(List.of(5_000L, 6_000L), couchDb.call(() -> writer.itemIdBlocks(2)));
    assertTrue(
        couchDb.requests().get(3).endsWith("{\"_rev\":\"2-b\",\"epoch\":1,\"next_item_id\":7000}"),
        couchDb.requests().get(3));
  }

  private Writer.CommitResult commit() {
    return couchDb.call(() -> writer.commit(ONE));
  }

  private static RowWrite write(long productId, String revision, String items) {
    return new RowWrite(
        new ProductId(productId), 0, revision, Optional.ofNullable(items).map(Buffer::buffer));
  }
}
