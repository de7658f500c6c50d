package dev.canvas.data;

/** The kinds of store that media can be kept in. */
public enum StoreKind {
  /** A Postgres database. */
  POSTGRES,
  /** A CouchDB database. */
  COUCHDB
}
