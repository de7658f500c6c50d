package dev.canvas.bus;

/**
 * The addresses of the event bus. All are point to point: a request is answered by one of the
 * registered data verticles, {@link #VERTICLES} by a node itself. {@link #DATA_GET} has lanes
 * beside it (see {@link Lanes}).
 *
 * <p>A request that reaches a data verticle just as it leaves fails at once as if it had timed out
 * ({@code ReplyFailure.TIMEOUT}); asked again it reaches another. {@link CanvasClient} does so.
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

  /**
   * Operators, JSON: {@code {}} → {@code {"verticles":[{"role":"http","instances":2},…]}}; {@code
   * {"role":"data","instances":3}} makes them three and then replies the same. Fails with the
   * status of a problem as its code and the problem's JSON as its message: 400 for what cannot be
   * read, 409 where the database has no connections for them, 503 where one does not start. A reply
   * takes as long as leaving verticles take to answer what they have under way, some seconds each:
   * send with a timeout that allows it.
   */
  public static final String VERTICLES = "canvas.verticles";

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
