package dev.canvas.http.exchange;

import dev.canvas.http.connection.AnswerMemory;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * Sends the body of a large answer in slices: each is compressed and written in a turn of its own
 * ({@link Turns}), once the client has read most of those before. So a large answer neither holds
 * the event loop nor fills the memory of a connection (ADR 0027). Confined to one event loop.
 */
final class SlicedBody {

  /** Some 30 microseconds of work, which is copying. */
  static final int PLAIN_SLICE = 65_536;

  /** Some half a millisecond of work, which is compressing. */
  static final int COMPRESSED_SLICE = 32_768;

  /** Less than this is not worth a packet of its own. */
  private static final int MIN_WRITE = 16_384;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final Slices body;
  private final AnswerMemory.Share memory;
  private final Turns turns = Turns.current();
  private final ByteArrayOutputStream compressed;
  private final GZIPOutputStream gzip;
  private boolean stopped;

  /**
   * @param context its response has all headers
   * @param memory is released when all has been sent, or the client has left
   */
  SlicedBody(RoutingContext context, Slices body, boolean isCompressed, AnswerMemory.Share memory) {
    this.context = context;
    this.response = context.response();
    this.body = body;
    this.memory = memory;
    this.compressed = isCompressed ? new ByteArrayOutputStream(2 * MIN_WRITE) : null;
    this.gzip = isCompressed ? gzip(compressed) : null;
  }

  /** Sends all of it; ends early if the client leaves. */
  void send() {
    context.addEndHandler(ended -> stop());
    awaitTurn();
  }

  private void awaitTurn() {
    if (response.writeQueueFull()) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null);
            turns.await(this::sendSlice);
          });
    } else {
      turns.await(this::sendSlice);
    }
  }

  private void sendSlice() {
    if (stopped) {
      return;
    }
    long before = body.left();
    Buffer slice = gzip == null ? body.take(PLAIN_SLICE) : compress();
    memory.sent(before - body.left());
    if (body.isEmpty()) {
      response.end(slice);
      return;
    }
    if (slice.length() > 0) {
      response.write(slice);
    }
    awaitTurn();
  }

  /** Compresses the next slice. Returns what is ready to be sent, possibly nothing. */
  private Buffer compress() {
    try {
      gzip.write(body.take(COMPRESSED_SLICE).getBytes());
      if (body.isEmpty()) {
        gzip.close();
      } else if (compressed.size() < MIN_WRITE) {
        return Buffer.buffer();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    Buffer ready = Buffer.buffer(compressed.toByteArray());
    compressed.reset();
    return ready;
  }

  private void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    memory.release();
    if (gzip != null) {
      close(gzip);
    }
  }

  private static GZIPOutputStream gzip(ByteArrayOutputStream bytes) {
    try {
      return new GZIPOutputStream(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Gives back what the compressor holds outside the heap. */
  private static void close(GZIPOutputStream gzip) {
    try {
      gzip.close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
