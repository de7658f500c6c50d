package dev.canvas.testing;

import java.time.Duration;

/** What a {@link TcpProxy} does to the bytes that pass. Belongs to its event loop. */
final class TcpFault {

  private long delayNanos;
  private long nanosPerByte;
  private boolean stalled;

  void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  void limit(long bytesPerSecond) {
    nanosPerByte = 1_000_000_000L / bytesPerSecond;
  }

  void stall() {
    stalled = true;
  }

  void mend() {
    delayNanos = 0;
    nanosPerByte = 0;
    stalled = false;
  }

  boolean isStalled() {
    return stalled;
  }

  /**
   * When bytes may leave.
   *
   * @param arrived when they came
   * @param free when those before them left
   */
  long due(long arrived, long free, int bytes) {
    return Math.max(arrived + delayNanos, free) + bytes * nanosPerByte;
  }
}
