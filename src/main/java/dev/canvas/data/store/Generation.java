package dev.canvas.data.store;

/**
 * Which catalogue it is. Immutable.
 *
 * @param store tells one store from others that share a Redis
 * @param generation counts the swaps of the whole catalogue; part of every cache key
 */
public record Generation(String store, long generation) {

  /**
   * The key in Redis that says which generation may be read there.
   *
   * @param run of the server
   */
  public String marker(String run) {
    return "canvas:" + run + ":catalogue:" + store;
  }

  /** The part of Redis that is a server's run's and this generation's own. */
  public String space(String run) {
    return "canvas:" + run + ":" + generation;
  }
}
