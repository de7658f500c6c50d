/** Loads the CouchDB store, with {@code _bulk_docs} over several connections. */
package dev.canvas.seed.couchdb;
