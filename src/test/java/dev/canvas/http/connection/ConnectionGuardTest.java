package dev.canvas.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bounds of a connection, on a clock that the test controls. */
class ConnectionGuardTest {

  private static final String GET = "GET / HTTP/1.1\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n";
  private static final long PATIENCE = ConnectionGuard.TIMEOUT.toSeconds();

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ConnectionGuard guard = new ConnectionGuard(new ConnectionLimit(1, 0, registry));
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void open() {
    channel.freezeTime();
    channel.pipeline().addLast(new HttpRequestDecoder(), guard);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void silentNewConnectionIsCut() {
    pass(PATIENCE - 1);
    assertTrue(channel.isOpen());
    pass(1);
    assertCut("slow");
  }

  @Test
  void slowHeadIsCutDespiteAByteNowAndThen() {
    send("GET / HTTP/1.1\r\n");
    for (int second = 0; second < PATIENCE; second++) {
      assertTrue(channel.isOpen());
      send("x");
      pass(1);
    }
    assertCut("slow");
  }

  @Test
  void deadlineOfALaterHeadStartsWithItsFirstByte() {
    send(GET);
    answer(HttpResponseStatus.OK);
    pass(5 * PATIENCE);
    send("G");
    pass(PATIENCE - 1);
    assertTrue(channel.isOpen());
    send(GET.substring(1));
    pass(5 * PATIENCE);
    assertTrue(channel.isOpen());
    answer(HttpResponseStatus.OK);
    send("G");
    pass(PATIENCE);
    assertCut("slow");
  }

  @Test
  void bodyMayTakeLongerOnlyUntilItsRequestIsAnswered() {
    send(POST);
    answer(HttpResponseStatus.CONTINUE);
    pass(5 * PATIENCE);
    send("x");
    pass(5 * PATIENCE);
    assertTrue(channel.isOpen());
    answer(HttpResponseStatus.OK);
    for (int second = 0; second < PATIENCE; second++) {
      assertTrue(channel.isOpen());
      send("x");
      pass(1);
    }
    assertCut("slow");
  }

  @Test
  void bodyThatEndsSoonAfterTheResponseKeepsTheConnection() {
    send(POST);
    answer(HttpResponseStatus.OK);
    pass(PATIENCE - 1);
    send("x".repeat(100));
    pass(5 * PATIENCE);
    assertTrue(channel.isOpen());
  }

  @Test
  void responseToAnEarlierRequestStartsNoDeadline() {
    send(GET + POST);
    answer(HttpResponseStatus.OK);
    pass(5 * PATIENCE);
    assertTrue(channel.isOpen());
  }

  @Test
  void tooManyPipelinedRequestsAreCutAndNotKept() {
    send(GET.repeat(ConnectionGuard.MAX_PIPELINED));
    assertTrue(channel.isOpen());
    answer(HttpResponseStatus.OK);
    send(GET);
    assertTrue(channel.isOpen());
    send(GET.repeat(1_000));
    assertCut("ahead");
    assertEquals(2, requests());
  }

  @Test
  void nextRequestWaitsForTheAnswerToTheOneBefore() {
    send(POST + "x".repeat(100) + GET + GET);
    assertEquals(1, requests());
    answer(HttpResponseStatus.CONTINUE);
    assertEquals(0, requests());
    answer(HttpResponseStatus.OK);
    assertEquals(1, requests());
    send(GET);
    answer(HttpResponseStatus.OK);
    assertEquals(1, requests());
    answer(HttpResponseStatus.OK);
    assertEquals(1, requests());
  }

  @Test
  void webSocketIsNotGuarded() {
    send(GET);
    answer(HttpResponseStatus.SWITCHING_PROTOCOLS);
    assertNull(channel.pipeline().get(ConnectionGuard.class));
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private void answer(HttpResponseStatus status) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private int requests() {
    int requests = 0;
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      requests += message instanceof HttpRequest ? 1 : 0;
      ReferenceCountUtil.release(message);
    }
    return requests;
  }

  private void assertCut(String reason) {
    assertFalse(channel.isOpen());
    assertEquals(1, registry.counter("canvas.connections.cut", "reason", reason).count());
  }
}
