/**
 * Loads products into the store while services read it.
 *
 * <p>{@link dev.canvas.seed.SeedLauncher} turns a {@link dev.canvas.seed.SeedRequest} into a {@link
 * dev.canvas.seed.SeedRun}. The run takes its products from {@code seed.source} and writes them to
 * a {@link dev.canvas.seed.Target}, which {@code seed.postgres} and {@code seed.couchdb} implement.
 */
package dev.canvas.seed;
