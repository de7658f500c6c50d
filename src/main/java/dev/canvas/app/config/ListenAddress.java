package dev.canvas.app.config;

/** Where a port listens, as a URL has it. Immutable. */
public record ListenAddress(String host, int port) {

  /** The host to listen on for this machine alone: the one given, if no other can reach it. */
  public static String loopback(String host) {
    return Configuration.isLoopback(host) ? host : "127.0.0.1";
  }

  /** {@code host:port}; an address of IPv6 has brackets. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
