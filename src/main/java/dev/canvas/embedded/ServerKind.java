package dev.canvas.embedded;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What Postgres and Redis do in their own way, each for one data directory held by this process.
 */
interface ServerKind {

  /** For messages. */
  String name();

  /** The signal that asks for an orderly end. */
  String stopSignal();

  /** How long an orderly end may take before it is a kill. */
  Duration stopGrace();

  /** Stops servers that an owner of the directory left running when it was killed. */
  void stopOrphans(Consumer<String> progress);

  /**
   * Starts the server; returns when it serves.
   *
   * @throws PortTakenException when another program has the port
   * @throws EmbeddedServersException when it cannot start; nothing is left running
   */
  ServerProcess launch(int port);
}
