/**
 * Loads products into the store while services read it.
 *
 * <p>{@link dev.canvas.seed.SeedLauncher} turns a request into a {@link dev.canvas.seed.SeedRun},
 * which copies the products of {@code seed.source} to a {@code seed.target}. The packages {@code
 * seed.postgres} and {@code seed.couchdb} implement the target; the application chooses one.
 */
package dev.canvas.seed;
