package dev.canvas.app.server;

/** Whether the servers behind the data verticles can take more of them. Thread-safe. */
interface Capacity {

  /**
   * Asks the servers. Blocking: not for an event loop.
   *
   * @param running how many data verticles there are
   * @param wanted how many there are to be
   * @throws dev.canvas.media.ProblemException {@link dev.canvas.media.Problem#CAPACITY_EXCEEDED}
   *     with the numbers where they are too many, {@link dev.canvas.media.Problem#UNAVAILABLE}
   *     where nobody answers
   */
  void check(int running, int wanted);
}
