package dev.canvas.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** The body of an import that pauses in the middle until a test resumes it. Thread-safe. */
final class PausedBody extends InputStream {

  private final CountDownLatch resumed = new CountDownLatch(1);
  private final InputStream first;
  private final InputStream second;

  /**
   * @param lines the number of lines, for the products from 0
   */
  PausedBody(int lines) {
    first = stream(BulkFaultIT.lines(0, lines / 2));
    second = stream(BulkFaultIT.lines(lines / 2, lines));
  }

  /** Sends the second half. */
  void resume() {
    resumed.countDown();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = first.read(bytes, offset, length);
    if (read >= 0) {
      return read;
    }
    try {
      resumed.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
    return second.read(bytes, offset, length);
  }

  private static InputStream stream(String lines) {
    return new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
  }
}
