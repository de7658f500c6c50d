/** Loads the Postgres store, with COPY over several connections. */
package dev.canvas.seed.postgres;
