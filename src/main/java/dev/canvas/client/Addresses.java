package dev.canvas.client;

/**
 * The addresses of the event bus for other services and operators, with the JSON that each carries.
 * {@link #MEDIA_CHANGED} and {@link #SEED_PROGRESS} are published to all nodes. The others are
 * point to point: one of the registered verticles answers a request, and {@link #VERTICLES} is
 * answered by a node itself. Requests fail with the HTTP status of a problem as the code and the
 * problem's JSON as the message.
 *
 * <p>A request that reaches a data verticle while it leaves fails at once, as if it had timed out
 * ({@code ReplyFailure.TIMEOUT}), and was not started. It can be repeated; {@link CanvasClient}
 * does so. A write that times out only after its send timeout may have been made, or may still be
 * made.
 */
public final class Addresses {

  /** For other services: {@code {"product_id":42}} → the document. */
  public static final String MEDIA_GET = "canvas.media.get";

  /**
   * For other services: {@code {"product_ids":[…]}}, 1 … 100 of them → {@code
   * {"found":[document…],"missing":[id…]}} in the order of the request, without duplicates. A third
   * list, {@code "failed"}, has the problems of products whose media cannot be read, if any.
   */
  public static final String MEDIA_BATCH = "canvas.media.batch";

  /**
   * For other services: {@code {"product_id":42,"media":[…],"if_version":…}} → the document.
   * Replaces all items. {@code if_version} is optional in all writes; 0 stands for a product
   * without media. Fails with 412 if the product has another version, and with 422 and {@code
   * errors} if items are invalid.
   */
  public static final String MEDIA_PUT = "canvas.media.put";

  /**
   * For other services: {@code {"product_id":42,"op":…,"if_version":…}} → the document. Changes
   * some of the items. The other members depend on {@code op}:
   *
   * <ul>
   *   <li>{@code add}: {@code "value":{…}}, an item; {@code "position":0}, optional, otherwise the
   *       end
   *   <li>{@code update}: {@code "item":1002}, {@code "value":{…}}, a merge patch (RFC 7396)
   *   <li>{@code remove}: {@code "item":1002}
   *   <li>{@code order}: {@code "order":[1003,1001,1002]}, all ids
   * </ul>
   */
  public static final String MEDIA_PATCH = "canvas.media.patch";

  /**
   * For other services: {@code {"product_id":42,"if_version":…}} → {@code
   * {"product_id":42,"version":…}}. Deletes all media. Fails with 404 if there are none.
   */
  public static final String MEDIA_DELETE = "canvas.media.delete";

  /**
   * Published after a commit: {@code {"product_id":42,"version":…,"change":"put"|"delete"}}. The
   * newest state of a product is published at least once. Versions may be skipped; subscribers must
   * drop a version that is lower than one they have seen. Each node republishes the events locally
   * at {@code canvas.media.changed.<id>}, without lower versions.
   */
  public static final String MEDIA_CHANGED = "canvas.media.changed";

  /**
   * For operators: {@code {}} → {@code {"verticles":[{"role":"http","instances":2},…]}}; {@code
   * {"role":"data","instances":3}} scales the role to three instances and returns the same. In a
   * cluster, any node answers for itself; {@code "all":true} scales each node that has the role and
   * returns {@code {"nodes":[{"node":…,"verticles":[…]},…]}}, with {@code "problem"} instead of
   * {@code "verticles"} where a node refuses. Fails with 400 if the request cannot be parsed, with
   * 409 if the database has too few connections, and with 503 if a verticle does not start. The
   * reply waits until verticles that leave have answered their requests, some seconds each: use a
   * send timeout that allows for it.
   */
  public static final String VERTICLES = "canvas.verticles";

  /**
   * For operators: {@code {"rows":1000000,"truncate":true}}, another source ({@code
   * "file":"/data/media.ndjson.gz"} or {@code "from_table":true}), or {@code {"resume":true}} → the
   * first progress, in the form of {@link #SEED_PROGRESS}. Optional members: {@code "on_conflict"}
   * (keep, replace, refuse), {@code "batch"}, {@code "max_errors"}, {@code "random_seed"}, {@code
   * "first_id"}, {@code "samples"}. Fails with 409 while another load runs on any node.
   */
  public static final String SEED_START = "canvas.seed.start";

  /** For operators: {@code {}} → the progress of the last load, on whichever node it runs. */
  public static final String SEED_STATUS = "canvas.seed.status";

  /** For operators: {@code {}} → the progress. Cancels the load of the node that answers. */
  public static final String SEED_CANCEL = "canvas.seed.cancel";

  /**
   * Published twice a second during a load, and at its end: {@code
   * {"run":7,"phase":"loading","loaded":…,"total":…,"share":0.42,"rejected":0,"bytes":…,
   * "per_second":…,"elapsed_ms":…,"eta_ms":…,"detail":…}}. Phases: loading, indexing, switching;
   * done, failed, cancelled. Unknown values are left out.
   */
  public static final String SEED_PROGRESS = "canvas.seed.progress";

  private Addresses() {}
}
