package dev.canvas.media;

import java.util.Locale;

/**
 * Every kind of failure that is reported to callers, with its HTTP status. The failure code on the
 * event bus is the same number.
 */
public enum Problem {
  /** The request cannot be parsed: an id, a number or a document has the wrong form. */
  MALFORMED_REQUEST(400, "Malformed request"),
  /** The product has no media. */
  PRODUCT_NOT_FOUND(404, "Product not found"),
  /** No resource has this path. */
  NO_SUCH_RESOURCE(404, "No such resource"),
  /** The resource does not support the method. */
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  /** The request needs more of a limited resource, such as connections, than is left. */
  CAPACITY_EXCEEDED(409, "Capacity exceeded"),
  /** The request has no credentials, or none that are known. */
  UNAUTHENTICATED(401, "Unauthenticated"),
  /** The credentials are known, but do not permit the request. */
  FORBIDDEN(403, "Forbidden"),
  /** The product has no such item. */
  ITEM_NOT_FOUND(404, "Item not found"),
  /** The order does not list each item of the product exactly once. */
  ORDER_MISMATCH(409, "Order mismatch"),
  /** Another load is running; there can be only one. */
  SEEDER_BUSY(409, "Seeder busy"),
  /** There is no interrupted load to resume. */
  NOTHING_TO_RESUME(409, "Nothing to resume"),
  /** The data to load exist already, or other data are in the way. */
  ALREADY_THERE(409, "Already there"),
  /** The source has more invalid records than the load tolerates. */
  TOO_MANY_REJECTS(422, "Too many rejects"),
  /** Concurrent writes changed the product on every attempt. */
  WRITE_CONFLICT(409, "Write conflict"),
  /** The product does not meet the precondition of the request. */
  PRECONDITION_FAILED(412, "Precondition failed"),
  /** The media are well-formed JSON, but not valid. */
  INVALID_MEDIA(422, "Invalid media"),
  /** The request did not arrive in time. */
  REQUEST_TIMEOUT(408, "Request timeout"),
  /** The body is larger than the resource accepts. */
  CONTENT_TOO_LARGE(413, "Content too large"),
  /** The resource does not accept the media type of the body. */
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
  /** The request line is longer than the server accepts. */
  URI_TOO_LONG(414, "URI too long"),
  /** The file has no bytes in the requested range. */
  RANGE_NOT_SATISFIABLE(416, "Range not satisfiable"),
  /** The header fields are larger than the server accepts. */
  HEADERS_TOO_LARGE(431, "Request header fields too large"),
  /** An error in this service; its log has the cause. */
  INTERNAL(500, "Internal error"),
  /** The store has something else than media for the product, because SQL has changed them. */
  UNREADABLE_MEDIA(500, "Unreadable media"),
  /** Neither the cache nor the store can answer now; the caller should retry later. */
  UNAVAILABLE(503, "Service unavailable"),
  /** The store did not confirm a change: it may have been made, or may still be made. */
  OUTCOME_UNKNOWN(503, "Outcome unknown"),
  /** A verticle did not start; those that ran before still run. */
  DEPLOYMENT_FAILED(503, "Deployment failed");

  private final int status;
  private final String title;

  Problem(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status, and the failure code on the event bus. */
  public int status() {
    return status;
  }

  /** A short text, the same for every occurrence (RFC 9457, section 3.1.3). */
  public String title() {
    return title;
  }

  /**
   * The problem type's URI (RFC 9457, section 3.1.1): a stable name that cannot be dereferenced.
   */
  public String type() {
    return "urn:canvas:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Creates an occurrence of this problem.
   *
   * @param detail a {@link String#format} text: what happened, what was expected, and what to do
   */
  public ProblemException because(String detail, Object... arguments) {
    return new ProblemException(this, String.format(Locale.ROOT, detail, arguments));
  }

  /** Creates an {@link #INTERNAL} problem that hides the cause, which the caller has to log. */
  public static ProblemException internal() {
    return INTERNAL.because("An internal error occurred; the service log has the cause");
  }
}
