/** Implements the contracts of {@code data.store} on CouchDB. */
package dev.canvas.data.couchdb;
