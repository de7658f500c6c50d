package dev.canvas.testing;

import java.time.Duration;

/** The fault that a {@link TcpProxy} applies to its bytes. Belongs to its event loop. */
final class TcpFault {

  private long delayNanos;
  private long nanosPerByte;
  private boolean stalled;
  private long memoryNanos = Long.MAX_VALUE;

  void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  void limit(long bytesPerSecond) {
    nanosPerByte = 1_000_000_000L / bytesPerSecond;
  }

  void stall() {
    stalled = true;
  }

  void forgetIdle(Duration memory) {
    memoryNanos = memory.toNanos();
  }

  /** Whether a connection on which nothing was sent for so long is forgotten. */
  boolean forgets(long idleNanos) {
    return idleNanos > memoryNanos;
  }

  void mend() {
    memoryNanos = Long.MAX_VALUE;
    delayNanos = 0;
    nanosPerByte = 0;
    stalled = false;
  }

  boolean isStalled() {
    return stalled;
  }

  /**
   * The time at which bytes may be forwarded, by {@link System#nanoTime}.
   *
   * @param arrived when they were received
   * @param lastSent when the bytes before them were forwarded
   */
  long due(long arrived, long lastSent, int bytes) {
    return Math.max(arrived + delayNanos, lastSent) + bytes * nanosPerByte;
  }
}
