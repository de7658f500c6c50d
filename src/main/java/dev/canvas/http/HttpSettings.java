package dev.canvas.http;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.OriginSettings;
import dev.canvas.http.connection.ProxySettings;
import dev.canvas.media.MediaRules;
import java.time.Duration;

/**
 * The settings of an HTTP verticle. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free port
 * @param cacheControl the Cache-Control of media documents
 * @param origins the origins whose pages may read and write
 * @param proxies whose word about their clients is taken
 * @param rules which media may be written and shown
 * @param access who may write at the start; the keys may be replaced later
 * @param stallTimeout how long the client of a bulk import or an export may make no progress
 * @param connections the bounds of client connections
 * @param operatorTools whether pages show what is for operators
 * @param liveSockets the maximum number of WebSockets per HTTP verticle for following changes; 0
 *     turns them off
 * @param accessLog whether each request is logged
 * @param loaderioToken the token of a loader.io account that may send load; empty for none
 */
public record HttpSettings(
    String host,
    int port,
    String cacheControl,
    OriginSettings origins,
    ProxySettings proxies,
    MediaRules rules,
    AccessSettings access,
    Duration stallTimeout,
    Connections connections,
    OperatorTools operatorTools,
    int liveSockets,
    boolean accessLog,
    String loaderioToken) {

  /**
   * Whether pages show what is for operators: how a read went, and links to the editor and JSON.
   */
  public enum OperatorTools {
    /** Shown where the command says so, otherwise hidden. */
    AUTO,
    /** Shown to everyone who opens a page. */
    SHOWN,
    /** Shown to nobody. */
    HIDDEN
  }

  /**
   * The bounds of the client connections of all HTTP verticles of a process. Immutable.
   *
   * @param max the maximum number of open connections; 0 to derive it from the limit of file
   *     descriptors
   * @param maxPerAddress the maximum number of open connections of one client address; 0 for no
   *     such limit
   * @param idleTimeout how long a connection may transfer nothing before it is closed
   * @param drainDelay how long a process that stops goes on answering after it has ceased to be
   *     ready; each answer asks its client to reconnect
   */
  public record Connections(
      int max, int maxPerAddress, Duration idleTimeout, Duration drainDelay) {}

  /**
   * Returns a copy for {@code up}: with another host and other write access, pages that show the
   * tools of operators unless a setting hides them, and media at this machine.
   */
  public HttpSettings forUp(String otherHost, AccessSettings otherAccess) {
    return new HttpSettings(
        otherHost,
        port,
        cacheControl,
        origins,
        proxies,
        rules.andThisMachine(),
        otherAccess,
        stallTimeout,
        connections,
        operatorTools == OperatorTools.AUTO ? OperatorTools.SHOWN : operatorTools,
        liveSockets,
        accessLog,
        loaderioToken);
  }
}
