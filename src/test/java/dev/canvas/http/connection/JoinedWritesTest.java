package dev.canvas.http.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reaches the socket of what is written. */
@SuppressWarnings("FutureReturnValueIgnored") // A test looks at the results that it needs.
class JoinedWritesTest {

  private final EmbeddedChannel channel = new EmbeddedChannel(new JoinedWrites());

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void headAndBodyAreOneBuffer() {
    ChannelFuture head = channel.write(bytes("head "));
    ChannelFuture body = channel.write(bytes("body"));
    assertFalse(head.isDone());
    assertFalse(body.isDone());
    channel.flush();
    assertSent("head body");
    assertNull(channel.readOutbound());
    assertTrue(head.isSuccess());
    assertTrue(body.isSuccess());
  }

  @Test
  void whatHasNoSuccessorIsSentByTheFlush() {
    ChannelFuture alone = channel.writeAndFlush(bytes("head"));
    assertSent("head");
    assertTrue(alone.isSuccess());
  }

  @Test
  void responsesStayInTheirOrder() {
    for (String part : new String[] {"a", "b", "c", "d", "e"}) {
      channel.write(bytes(part));
    }
    channel.flush();
    assertSent("ab");
    assertSent("cd");
    assertSent("e");
  }

  @Test
  void largeBodyIsNotCopied() {
    ByteBuf body = Unpooled.buffer(100_000).writeZero(100_000);
    channel.write(bytes("head"));
    channel.write(body);
    channel.flush();
    assertSent("head");
    ByteBuf sent = channel.readOutbound();
    assertEquals(100_000, sent.readableBytes());
    sent.release();
  }

  @Test
  void bothFailTogether() {
    ByteBuf head = bytes("head");
    ByteBuf body = bytes("body");
    ChannelFuture first = channel.write(head);
    ChannelFuture second = channel.write(body);
    channel.close();
    assertFalse(first.isSuccess());
    assertTrue(first.isDone());
    assertFalse(second.isSuccess());
    assertEquals(0, head.refCnt());
    assertEquals(0, body.refCnt());
  }

  @Test
  void nothingIsHeldAfterTheClose() {
    ByteBuf head = bytes("head");
    ChannelFuture alone = channel.write(head);
    channel.close();
    assertTrue(alone.isDone());
    assertEquals(0, head.refCnt());
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private void assertSent(String text) {
    ByteBuf sent = channel.readOutbound();
    assertEquals(text, sent.toString(StandardCharsets.US_ASCII));
    sent.release();
  }
}
