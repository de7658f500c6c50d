package dev.canvas.cluster;

/** A cluster that cannot be joined. The cause says why. */
public final class ClusterException extends RuntimeException {

  ClusterException(Throwable cause) {
    super("The cluster cannot be joined", cause);
  }
}
