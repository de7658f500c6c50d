package dev.canvas.http.bridge;

import dev.canvas.http.access.AccessSettings;

/**
 * The settings of the TCP bridge. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 turns the bridge off
 * @param connections the maximum number of open connections
 * @param rate the maximum number of messages of a connection that are handled in a second
 * @param certificate the PEM file of the certificate for TLS; empty for no TLS
 * @param key the PEM file of its private key; empty for no TLS
 * @param access who may write
 */
public record BridgeSettings(
    String host,
    int port,
    int connections,
    int rate,
    String certificate,
    String key,
    AccessSettings access) {

  /** Whether the bridge is used. */
  public boolean isEnabled() {
    return port > 0;
  }

  /** Whether connections are encrypted. */
  boolean hasTls() {
    return !certificate.isEmpty();
  }

  /** The same with another address, and other rules for who may write. */
  public BridgeSettings with(String otherHost, AccessSettings otherAccess) {
    return new BridgeSettings(otherHost, port, connections, rate, certificate, key, otherAccess);
  }
}
