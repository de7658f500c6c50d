package dev.canvas.data.cache;

/**
 * A connection to Redis that listens. Immutable.
 *
 * @param space the part of Redis whose changes it hears
 */
record SubscriptionSession(String space) {}
