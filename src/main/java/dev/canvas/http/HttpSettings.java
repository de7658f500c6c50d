package dev.canvas.http;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.media.MediaRules;
import java.time.Duration;
import java.util.Set;

/**
 * The settings of an HTTP verticle. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free port
 * @param cacheControl the Cache-Control of media documents
 * @param corsOrigin the origin whose pages may read, or {@code *} for all
 * @param corsWriteOrigins the origins whose pages may write, and read
 * @param rules which media may be written and shown
 * @param access who may write
 * @param stallTimeout how long the client of a bulk import or an export may make no progress
 * @param connections the bounds of client connections
 * @param liveSockets the maximum number of WebSockets per HTTP verticle for following changes; 0
 *     turns them off
 */
public record HttpSettings(
    String host,
    int port,
    String cacheControl,
    String corsOrigin,
    Set<String> corsWriteOrigins,
    MediaRules rules,
    AccessSettings access,
    Duration stallTimeout,
    Connections connections,
    int liveSockets) {

  /**
   * The bounds of the client connections of all HTTP verticles of a process. Immutable.
   *
   * @param max the maximum number of open connections; 0 to derive it from the limit of file
   *     descriptors
   * @param maxPerAddress the maximum number of open connections of one client address; 0 for no
   *     such limit
   * @param idleTimeout how long a connection may transfer nothing before it is closed
   * @param drainDelay how long a process that stops goes on as before after it has ceased to be
   *     ready
   */
  public record Connections(
      int max, int maxPerAddress, Duration idleTimeout, Duration drainDelay) {}

  /** Copies the origins. */
  public HttpSettings {
    corsWriteOrigins = Set.copyOf(corsWriteOrigins);
  }

  /** Returns a copy with another host and other write access. */
  public HttpSettings with(String otherHost, AccessSettings otherAccess) {
    return new HttpSettings(
        otherHost,
        port,
        cacheControl,
        corsOrigin,
        corsWriteOrigins,
        rules,
        otherAccess,
        stallTimeout,
        connections,
        liveSockets);
  }
}
