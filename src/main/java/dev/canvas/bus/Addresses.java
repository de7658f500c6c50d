package dev.canvas.bus;

/**
 * The addresses of the event bus. All are point to point: a request is answered by one of the
 * registered data verticles. {@link #DATA_GET} has lanes beside it (see {@link Lanes}).
 */
public final class Addresses {

  /**
   * Other services, JSON: {@code {"product_id":42}} → the document. Fails with the status of a
   * problem as its code and the problem's JSON as its message.
   */
  public static final String MEDIA_GET = "canvas.media.get";

  /**
   * Other services, JSON: {@code {"product_ids":[…]}}, 1 … 100 of them → {@code
   * {"found":[document…],"missing":[id…]}} in the order asked, repeated ids once.
   */
  public static final String MEDIA_BATCH = "canvas.media.batch";

  /** This service's own: ProductId → Lookup. */
  static final String DATA_GET = "canvas.data.get";

  /** This service's own: ProductIds → Lookups. */
  static final String DATA_BATCH = "canvas.data.batch";

  /** This service's own: PageRequest → Lookups. */
  static final String DATA_PAGE = "canvas.data.page";

  /** This service's own: an empty body → Tiers. */
  static final String DATA_TIERS = "canvas.data.tiers";

  private Addresses() {}
}
