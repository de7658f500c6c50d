package dev.canvas.data.couchdb;

/** CouchDB has answered that it will not. Carries no stack trace. */
final class CouchDbRefusal extends RuntimeException {

  private final int status;

  /**
   * @param error CouchDB's own word for it, such as {@code not_found}
   * @param reason its sentence
   */
  CouchDbRefusal(int status, String error, String reason) {
    super(status + " " + error + ": " + reason, null, false, false);
    this.status = status;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }
}
