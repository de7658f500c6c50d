package dev.canvas.http.management;

/** Whether this process takes requests. Thread-safe. */
public final class Readiness {

  /** The life of a process. */
  public enum Phase {
    /** Not everything is deployed. */
    STARTING,
    /** Requests are taken. */
    SERVING,
    /** Requests are still answered, and no new ones wanted. */
    DRAINING
  }

  private volatile Phase phase = Phase.STARTING;

  /** Enters a phase. */
  public void enter(Phase next) {
    phase = next;
  }

  /** Where the process is. */
  public Phase phase() {
    return phase;
  }
}
