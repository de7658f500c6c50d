package dev.canvas.embedded;

/** Another program listens where a server was to listen. */
final class PortTakenException extends EmbeddedServersException {

  PortTakenException(String server, int port) {
    super(
        "%s cannot listen on 127.0.0.1:%d: another program has that port; stop it or choose another"
            .formatted(server, port));
  }
}
