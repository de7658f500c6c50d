package dev.canvas.http.management;

/** Holds the phase of the process, which decides whether it is ready. Thread-safe. */
public final class Readiness {

  /** The phases of a process, in order. */
  public enum Phase {
    /** Not all verticles are deployed. */
    STARTING,
    /** Requests are served. */
    SERVING,
    /** The process is about to stop; it still serves requests, but should get no new ones. */
    DRAINING
  }

  private volatile Phase phase = Phase.STARTING;

  /** Enters a phase. */
  public void enter(Phase next) {
    phase = next;
  }

  /** The current phase. */
  public Phase phase() {
    return phase;
  }
}
