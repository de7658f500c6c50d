package dev.canvas.seed.couchdb;

import java.net.URI;

/**
 * Where a CouchDB database is, and who asks for it. Immutable.
 *
 * @param database its URI, without a user
 * @param authorization the header of that name; null where nobody is asked who he is
 */
public record CouchDbSeedSettings(URI database, String authorization) {}
