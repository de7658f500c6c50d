package dev.canvas.app.config;

/** Where a port listens, as a URL has it. Immutable. */
public record ListenAddress(String host, int port) {

  /** {@code host:port}; an address of IPv6 has brackets. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
