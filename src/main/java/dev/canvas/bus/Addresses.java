package dev.canvas.bus;

/**
 * The addresses of the event bus. All but {@link #MEDIA_CHANGED} are point to point: a request is
 * answered by one of the registered data verticles, {@link #VERTICLES} by a node itself. {@link
 * #DATA_GET} and {@link #DATA_WRITE} have lanes beside them (see {@link Lanes}).
 *
 * <p>A request that reaches a data verticle just as it leaves fails at once as if it had timed out
 * ({@code ReplyFailure.TIMEOUT}), and was not begun: asked again it reaches another. {@link
 * CanvasClient} does so. A write that fails so only after its time was begun, perhaps: it was made,
 * will be, or will not.
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
   * Other services, JSON: {@code {"product_id":42,"media":[…],"if_version":…}} → the document;
   * replaces all items. {@code if_version} may be left out in all writes; 0 is a product without
   * media. Fails with 412 for another version, with 422 and {@code errors} for invalid items.
   */
  public static final String MEDIA_PUT = "canvas.media.put";

  /**
   * Other services, JSON: {@code {"product_id":42,"op":…,"if_version":…}} → the document; changes
   * some of the items. The other members go with {@code op}:
   *
   * <ul>
   *   <li>{@code add}: {@code "value":{…}}, an item; {@code "position":0}, or left out for the end
   *   <li>{@code update}: {@code "item":1002}, {@code "value":{…}}, a merge patch (RFC 7396)
   *   <li>{@code remove}: {@code "item":1002}
   *   <li>{@code order}: {@code "order":[1003,1001,1002]}, all ids
   * </ul>
   */
  public static final String MEDIA_PATCH = "canvas.media.patch";

  /**
   * Other services, JSON: {@code {"product_id":42,"if_version":…}} → {@code
   * {"product_id":42,"version":…}}; fails with 404 where there are no media.
   */
  public static final String MEDIA_DELETE = "canvas.media.delete";

  /**
   * Published after commit, JSON: {@code {"product_id":42,"version":…,"change":"put"|"delete"}}.
   * The newest state of a product is told at least once; versions may be skipped, and one that is
   * lower than another already seen is to be dropped. Each node tells it on, locally, at {@code
   * canvas.media.changed.<id>}, where lower ones are dropped already.
   */
  public static final String MEDIA_CHANGED = "canvas.media.changed";

  /**
   * Operators, JSON: {@code {}} → {@code {"verticles":[{"role":"http","instances":2},…]}}; {@code
   * {"role":"data","instances":3}} makes them three and then replies the same. Fails with the
   * status of a problem as its code and the problem's JSON as its message: 400 for what cannot be
   * read, 409 where the database has no connections for them, 503 where one does not start. A reply
   * takes as long as leaving verticles take to answer what they have under way, some seconds each:
   * send with a timeout that allows it.
   */
  public static final String VERTICLES = "canvas.verticles";

  /**
   * Operators, JSON: {@code {"rows":1000000,"truncate":true}}, or another source: {@code
   * "file":"/data/media.ndjson.gz"}, {@code "from_table":true}; or {@code {"resume":true}} → the
   * first progress, as {@link #SEED_PROGRESS} has it. May go with them: {@code "on_conflict"}
   * (keep, replace, refuse), {@code "batch"}, {@code "max_errors"}, {@code "random_seed"}, {@code
   * "first_id"}, {@code "samples"}. Fails with 409 while another load is under way, wherever.
   */
  public static final String SEED_START = "canvas.seed.start";

  /** Operators, JSON: {@code {}} → the progress of the last load, whichever node it runs on. */
  public static final String SEED_STATUS = "canvas.seed.status";

  /** Operators, JSON: {@code {}} → the progress; the load of the node that is reached ends. */
  public static final String SEED_CANCEL = "canvas.seed.cancel";

  /**
   * Published twice a second during a load and at its end, JSON: {@code
   * {"run":7,"phase":"loading","loaded":…,"total":…,"share":0.42,"rejected":0,"bytes":…,
   * "per_second":…,"elapsed_ms":…,"eta_ms":…,"detail":…}}. Phases: loading, indexing, switching;
   * done, failed, cancelled. What is not known is left out.
   */
  public static final String SEED_PROGRESS = "canvas.seed.progress";

  /** This service's own: ProductId → Lookup. */
  static final String DATA_GET = "canvas.data.get";

  /** This service's own: ProductIds → Lookups. */
  static final String DATA_BATCH = "canvas.data.batch";

  /** This service's own: PageRequest → Lookups. */
  static final String DATA_PAGE = "canvas.data.page";

  /** This service's own: WriteRequest → Written. */
  static final String DATA_WRITE = "canvas.data.write";

  /** This service's own: ChangeBatch → Outcomes. */
  static final String DATA_BULK = "canvas.data.bulk";

  /** This service's own: an empty body → Tiers. */
  static final String DATA_TIERS = "canvas.data.tiers";

  private Addresses() {}
}
