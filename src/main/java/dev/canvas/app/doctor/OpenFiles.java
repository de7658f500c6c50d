package dev.canvas.app.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The file descriptors of this process. Connections, jars and files being sent need one each.
 * Immutable.
 *
 * @param limit the maximum number of open descriptors ({@code ulimit -n})
 * @param open the number of open descriptors
 */
public record OpenFiles(long limit, long open) {

  /** The most connections to allow by default, as each also needs memory. */
  private static final int MAX_DEFAULT_CONNECTIONS = 10_000;

  /** Asks the operating system; without an answer the limit is {@link Integer#MAX_VALUE}. */
  public static OpenFiles now() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new OpenFiles(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
        : new OpenFiles(Integer.MAX_VALUE, 0);
  }

  /**
   * The default limit of client connections: three quarters of the free descriptors, at least 1.
   * The rest is for stores, files being sent, operators and additional verticles.
   */
  public int connectionLimit() {
    return (int) Math.max(1, Math.min(MAX_DEFAULT_CONNECTIONS, (limit - open) / 4 * 3));
  }
}
