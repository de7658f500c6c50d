package dev.canvas.model;

/**
 * The rules of the protocol that can be broken in the model, one at a time. Those that {@link
 * dev.canvas.data.Mutant} breaks in a running node have its names.
 */
enum Rule {
  /** The protocol as it is. */
  NONE(Scope.LEASES),
  NO_FENCE(Scope.LEASES),
  UNCONDITIONAL_FILL(Scope.LEASES),
  FILL_FROM_AN_EXPIRED_LEASE(Scope.LEASES),
  INSTALL_WITHOUT_MY_TOKEN(Scope.LEASES),
  SHARED_FENCE_INSTALLS(Scope.LEASES),
  JOINS_ANY_FLIGHT(Scope.LEASES),
  KEYS_WITHOUT_THE_RUN(Scope.FAILOVER),
  INSTALL_LEAVES_LEASES(Scope.LEASES),
  INSTALL_PUBLISHES_NOTHING(Scope.NEAR),
  NO_INVALIDATIONS(Scope.NEAR),
  TRUST_NEVER_ENDS(Scope.TRUST),

  /** A node forgets what its readers got from the store. */
  NO_SEEN_VERSIONS(Scope.LEASES),
  /** A node remembers what its readers got only when it has not filled it. */
  REMEMBERED_AFTER_THE_FILL(Scope.LEASES),
  /** A change that changes nothing is confirmed before its version is repaired. */
  UNCHANGED_AT_ONCE(Scope.LEASES),
  /** A writer takes an answer of a Redis that is no longer trusted for a confirmation. */
  ANSWER_WITHOUT_TRUST(Scope.FAILOVER),
  /** A Redis that comes back after another keeps its identity. */
  IDENTITY_WITHOUT_PROMOTION(Scope.FAILOVER),
  /** A Redis is named while a node may still trust the last one. */
  NAMED_AT_ONCE(Scope.FAILOVER),
  /** A Redis gets its name back in the same generation. */
  NAMED_IN_THE_SAME_GENERATION(Scope.FAILOVER),
  /** A write is confirmed as soon as the trust has ended in the store. */
  CONFIRMED_BEFORE_TRUST_EXPIRES(Scope.TRUST),
  /** The relay asks what it may do before it reads the outbox. */
  PERMIT_BEFORE_THE_ROWS(Scope.FAILOVER);

  /** Where it is found soonest. */
  final Scope scope;

  Rule(Scope scope) {
    this.scope = scope;
  }
}
