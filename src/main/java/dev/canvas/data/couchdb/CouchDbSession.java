package dev.canvas.data.couchdb;

/**
 * A database at a CouchDB that is known to be Canvas's. Immutable.
 *
 * @param epoch when the database was made: {@link dev.canvas.couchdb.CouchDbLayout#EPOCH}
 */
record CouchDbSession(CouchDbClient client, long epoch) {

  /**
   * The version that a revision stands for: CouchDB counts those of a document, across its deletion
   * too.
   *
   * @param revision such as {@code 3-b65fcd86ef343fad60c0883d32d4ce24}
   */
  long version(String revision) {
    return epoch + Long.parseLong(revision, 0, revision.indexOf('-'), 10);
  }
}
