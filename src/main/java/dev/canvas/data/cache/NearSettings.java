package dev.canvas.data.cache;

import java.time.Duration;

/**
 * The cache in the process's own memory. Immutable.
 *
 * @param enabled whether there is one
 * @param maxBytes the most that it holds, about
 * @param ttl the life of a product in it
 */
public record NearSettings(boolean enabled, long maxBytes, Duration ttl) {}
