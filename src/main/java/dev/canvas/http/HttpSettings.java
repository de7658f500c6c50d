package dev.canvas.http;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.media.MediaRules;
import java.time.Duration;
import java.util.Set;

/**
 * What an HTTP verticle needs to know. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param cacheControl the Cache-Control of documents
 * @param corsOrigin the origin whose scripts may read, or {@code *}
 * @param corsWriteOrigins the origins whose scripts may write
 * @param rules what media may be written
 * @param access who may write
 * @param stallTimeout how long the client of a bulk import or an export may stand still
 * @param connections how many connections all HTTP verticles of a process may hold together; 0 for
 *     as many as there are descriptors for
 * @param liveSockets how many browsers may follow changes at each HTTP verticle; 0 for none at all
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
    int connections,
    int liveSockets) {

  /** Copies the origins. */
  public HttpSettings {
    corsWriteOrigins = Set.copyOf(corsWriteOrigins);
  }

  /** The same at another address, with another answer to who may write. */
  public HttpSettings at(String elsewhere, AccessSettings writers) {
    return new HttpSettings(
        elsewhere,
        port,
        cacheControl,
        corsOrigin,
        corsWriteOrigins,
        rules,
        writers,
        stallTimeout,
        connections,
        liveSockets);
  }
}
