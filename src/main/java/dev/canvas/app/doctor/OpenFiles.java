package dev.canvas.app.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The descriptors of this process: each connection is one, as is each jar and each file that is
 * sent. Immutable.
 *
 * @param most how many there may be ({@code ulimit -n})
 * @param open how many there are
 */
public record OpenFiles(long most, long open) {

  /** Who wants more connections than this has to ask for them, as each takes memory too. */
  private static final int MOST_CONNECTIONS = 10_000;

  /** As the system tells; where it does not, there is no bound. */
  public static OpenFiles now() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new OpenFiles(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
        : new OpenFiles(Integer.MAX_VALUE, 0);
  }

  /**
   * How many connections of clients there is room for: three quarters of what is left, as stores,
   * files that are sent and operators need some, and verticles may become more.
   */
  public int connections() {
    return (int) Math.max(1, Math.min(MOST_CONNECTIONS, (most - open) / 4 * 3));
  }
}
