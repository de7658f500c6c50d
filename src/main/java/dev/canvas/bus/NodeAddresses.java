package dev.canvas.bus;

/**
 * The addresses between the verticles of a node, and between nodes. Their messages are immutable
 * records, unless it says otherwise. {@link #DATA_GET} and {@link #DATA_WRITE} have lanes beside
 * them (see {@link LaneRegistry}).
 */
public final class NodeAddresses {

  /**
   * Followed by the path of a gallery module, such as {@code /assets/product-canvas.1a2b3c4d.js}:
   * no body → the module's bytes. A node of the release before asks for the module of the next one
   * while that is being rolled out.
   */
  public static final String MODULE = "canvas.module.";

  /** Local: a change that this node was told outside the bus, as the event in JSON. */
  static final String CHANGE_HEARD = "canvas.media.heard";

  /** Local: each change that this node hears of, in whichever way, once, as the event in JSON. */
  static final String CHANGE_TOLD = "canvas.media.told";

  /** {@code ProductId} → {@code Lookup}. */
  static final String DATA_GET = "canvas.data.get";

  /** {@code Reads} → {@code Answers}; see {@link GatheredReads}. */
  static final String DATA_READS = "canvas.data.reads";

  /** At one event loop: {@code Answers} to {@code Reads} that took longer. */
  static final String DATA_ANSWERS = "canvas.data.answers";

  /** {@code ProductIds} → {@code Lookups}. */
  static final String DATA_BATCH = "canvas.data.batch";

  /** {@code PageRequest} → {@code Lookups}. */
  static final String DATA_PAGE = "canvas.data.page";

  /** {@code WriteRequest} → {@code Written}. */
  static final String DATA_WRITE = "canvas.data.write";

  /** {@code ChangeBatch} → {@code Outcomes}. */
  static final String DATA_BULK = "canvas.data.bulk";

  /** At one node: answers with the report of that node in JSON; see {@link ClusterNodes}. */
  static final String NODE = "canvas.node";

  private NodeAddresses() {}

  /** The address at which one node of the cluster alone serves another address. */
  static String at(String address, String node) {
    return address + "@" + node;
  }
}
