package dev.canvas.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What happens in a state space. Everything at once would be too much to visit, so each scope
 * leaves something out.
 */
enum Scope {
  /** Leases, fences and flights. */
  LEASES(1, 1, 2, 2, Extra.MEMORY, Extra.CRASH),
  /** Commands that arrive late. */
  LATE(1, 1, 2, 1, Extra.LATE, Extra.CRASH),
  /** The trust in Redis ends and begins again. */
  TRUST(2, 1, 2, 0, Extra.TRUST, Extra.CRASH),
  /** Redis fails over, and back to a server that has older values. */
  FAILOVER(3, 3, 1, 1, Extra.TRUST),
  /** Near caches. */
  NEAR(1, 1, 1, 1, Extra.NEAR, Extra.MEMORY);

  private enum Extra {
    /** It is remembered what was read at a node, so that what goes back is found as well. */
    MEMORY,
    CRASH,
    LATE,
    TRUST,
    NEAR
  }

  /** How many generations there can be: with one, the trust in Redis never ends. */
  final int generations;

  /** How many masters Redis has one after the other. */
  final int servers;

  /** How many nodes write. */
  final int writers;

  /** How many nodes read under leases. */
  final int flights;

  /** Whether it is remembered what was read at a node. */
  final boolean hasMemory;

  /** Whether a node can crash. */
  final boolean hasCrash;

  /** Whether Redis executes commands that their senders have given up. */
  final boolean hasLate;

  /** Whether nodes lose connections, and the trust in their Redis, while it stays the same. */
  final boolean hasTrust;

  /** Whether nodes have near caches. */
  final boolean hasNear;

  Scope(int generations, int servers, int writers, int flights, Extra first, Extra... others) {
    this.generations = generations;
    this.servers = servers;
    this.writers = writers;
    this.flights = flights;
    Set<Extra> extras = EnumSet.of(first, others);
    this.hasMemory = extras.contains(Extra.MEMORY);
    this.hasCrash = extras.contains(Extra.CRASH);
    this.hasLate = extras.contains(Extra.LATE);
    this.hasTrust = extras.contains(Extra.TRUST);
    this.hasNear = extras.contains(Extra.NEAR);
  }

  /** Whether both nodes do the same. */
  boolean isSymmetric() {
    return writers == State.NODES && (flights == 0 || flights == State.NODES);
  }
}
