/** Talks to CouchDB: the HTTP client, its settings, and the layout of the database. */
package dev.canvas.couchdb;
