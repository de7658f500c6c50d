package dev.canvas.media;

/**
 * Every kind of problem that a caller can be told of, with the HTTP status that stands for it on
 * all transports (the failure code on the event bus is the same number).
 */
public enum Problem {
  /** The request cannot be read: an id, a number or a document of the wrong form. */
  MALFORMED_REQUEST(400, "Malformed request"),
  /** The product has no media here. */
  PRODUCT_NOT_FOUND(404, "Product not found"),
  /** There is nothing at this path. */
  NO_SUCH_RESOURCE(404, "No such resource"),
  /** The path exists, the method does not. */
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  /** What was asked for needs more of something than there is. */
  CAPACITY_EXCEEDED(409, "Capacity exceeded"),
  /** Who asks has not said who they are, or nobody that is known here. */
  UNAUTHENTICATED(401, "Unauthenticated"),
  /** Who asks is known and may not. */
  FORBIDDEN(403, "Forbidden"),
  /** The product has no such item. */
  ITEM_NOT_FOUND(404, "Item not found"),
  /** The order does not name the product's items, each once. */
  ORDER_MISMATCH(409, "Order mismatch"),
  /** One load at a time: another is under way. */
  SEEDER_BUSY(409, "Seeder busy"),
  /** No load was interrupted that could go on. */
  NOTHING_TO_RESUME(409, "Nothing to resume"),
  /** What is to be loaded is there already, or something stands in its way. */
  ALREADY_THERE(409, "Already there"),
  /** More of a source is wrong than the load is to outlive. */
  TOO_MANY_REJECTS(422, "Too many rejects"),
  /** Others changed the product again and again meanwhile. */
  WRITE_CONFLICT(409, "Write conflict"),
  /** The product is not what the request's condition says. */
  PRECONDITION_FAILED(412, "Precondition failed"),
  /** The media are well-formed, and invalid. */
  INVALID_MEDIA(422, "Invalid media"),
  /** The request was not here in time. */
  REQUEST_TIMEOUT(408, "Request timeout"),
  /** The body is larger than the resource reads. */
  CONTENT_TOO_LARGE(413, "Content too large"),
  /** The body is of a type that the resource does not take. */
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
  /** The request line is longer than the server reads. */
  URI_TOO_LONG(414, "URI too long"),
  /** The file has no bytes in the range asked for. */
  RANGE_NOT_SATISFIABLE(416, "Range not satisfiable"),
  /** The header fields are larger than the server reads. */
  HEADERS_TOO_LARGE(431, "Request header fields too large"),
  /** A fault of this service. */
  INTERNAL(500, "Internal error"),
  /** Neither the cache nor the store can answer now; asking again later is right. */
  UNAVAILABLE(503, "Service unavailable"),
  /** A change was sent to the store and no answer came: it was made, will be, or will not. */
  OUTCOME_UNKNOWN(503, "Outcome unknown"),
  /** A verticle did not start; those that ran before still do. */
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

  /** A short text that is the same for every occurrence (RFC 9457, section 3.1.3). */
  public String title() {
    return title;
  }

  /** The problem type's URI (RFC 9457, section 3.1.1): stable, a name and not an address. */
  public String type() {
    return "urn:canvas:problem:" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * One occurrence of this problem.
   *
   * @param detail a {@link String#format} text that names what was wrong, what was expected and
   *     what to do
   */
  public ProblemException because(String detail, Object... arguments) {
    return new ProblemException(this, String.format(java.util.Locale.ROOT, detail, arguments));
  }
}
