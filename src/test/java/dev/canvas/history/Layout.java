package dev.canvas.history;

/** Which nodes a {@link Cluster} has, and where they run. */
enum Layout {
  /**
   * One node in this process, so that its event bus can be called and its event loops be stalled,
   * and one in a process of its own, which can be killed. They share no event bus.
   */
  ONE_HERE,

  /** Two nodes in processes of their own, which share no event bus. */
  PROCESSES,

  /**
   * A node for clients and two for data, on one event bus, each on a {@link Host} of its own, which
   * can be cut off. A read goes to either data node, so none has a near cache.
   */
  SPLIT_ROLES
}
