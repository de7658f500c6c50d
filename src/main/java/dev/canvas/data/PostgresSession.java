package dev.canvas.data;

import io.vertx.sqlclient.PreparedStatement;

/**
 * A connection to Postgres with its statements prepared. Immutable.
 *
 * @param select rows of an array of ids
 * @param page rows with media, by id
 * @param generation the catalogue's generation when the connection was made
 */
record PostgresSession(PreparedStatement select, PreparedStatement page, long generation) {}
