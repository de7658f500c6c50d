package dev.canvas.http.bridge;

/**
 * The settings of the TCP bridge. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 turns the bridge off
 * @param connections the maximum number of open connections
 * @param rate the maximum number of messages of a connection that are handled in a second
 * @param certificate the PEM file of the certificate for TLS; empty for no TLS
 * @param key the PEM file of its private key; empty for no TLS
 */
public record BridgeSettings(
    String host, int port, int connections, int rate, String certificate, String key) {

  /** Whether the bridge is used. */
  public boolean isEnabled() {
    return port > 0;
  }

  /** Whether connections are encrypted. */
  boolean hasTls() {
    return !certificate.isEmpty();
  }

  /** The same with another address. */
  public BridgeSettings at(String otherHost) {
    return new BridgeSettings(otherHost, port, connections, rate, certificate, key);
  }
}
