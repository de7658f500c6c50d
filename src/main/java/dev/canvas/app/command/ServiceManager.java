package dev.canvas.app.command;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the service is ready, so that a unit of {@code Type=notify} is started when it
 * serves and not before (sd_notify(3)). Java has no datagram sockets of the family that systemd
 * listens on, so its own program {@code systemd-notify} is called.
 */
final class ServiceManager {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  /** The variable that systemd sets for such a unit. */
  private static final String SOCKET = "NOTIFY_SOCKET";

  private ServiceManager() {}

  /** Does nothing if no service manager waits. */
  static void tellReady() {
    if (System.getenv(SOCKET) == null) {
      return;
    }
    try {
      int exitCode =
          new ProcessBuilder("systemd-notify", "--ready")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exitCode != 0) {
        LOG.warn("systemd was not told that the service is ready (exit code {})", exitCode);
      }
    } catch (IOException failure) {
      LOG.warn("systemd was not told that the service is ready: {}", failure.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
