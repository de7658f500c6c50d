package dev.canvas.model;

/**
 * The variables of the model, each with the bits that it takes in a {@link State}. One that belongs
 * to a node, a writer or a key is repeated.
 */
@SuppressWarnings("EnumOrdinal") // They are packed in their order.
enum Field {
  /** The version of the row in the store; each commit increments it. */
  VERSION(2, 1),
  /** A bit for each version whose change is in the outbox. */
  OUTBOX(2, 1),
  /** The number of the catalogue's generation. */
  GENERATION(2, 1),
  /** The Redis that the store names: {@link State#ENDED}, {@link State#SETTLED}, or a server. */
  NAMED(3, 1),

  /** The server that the address of Redis leads to. */
  SERVER(2, 1),
  /** The states of the product's keys, one for each run of Redis and generation. */
  KEY(4, State.RUNS * State.GENERATIONS),

  /** The highest version of a confirmed write: no read may return less from now on. */
  CONFIRMED(2, 1),
  /** Whether node 0 has crashed. */
  CRASHED(1, 1),
  /** What has gone wrong, by {@link State.Violation}. */
  VIOLATION(2, 1),

  /** A node's connection to Redis: 0 for none, else a {@link State#session}. */
  SESSION(4, State.NODES),
  /** The generation that a node trusts, plus one; 0 for none. */
  TRUST(2, State.NODES),
  /** The highest version that a client has read at a node. */
  SEEN(2, State.NODES),
  /** What a node remembers of that ({@code SeenVersions}). */
  RECORDED(2, State.NODES),
  /** A node's flight: see {@link ReaderSteps}. */
  FLIGHT(3, State.NODES),
  /** The lowest version that those may get who have joined the flight. */
  JOINER(2, State.NODES),

  /** How far a writer has got: {@link WriterSteps.Stage}. */
  STAGE(3, State.NODES),
  /** A writer's fence: {@link WriterSteps#NOT_ASKED} and so on. */
  FENCE(2, State.NODES),
  /** The version that a writer has selected, then the one that it has written or found. */
  WRITTEN(2, State.NODES),
  /** A command that a writer has given up and Redis may still execute. */
  LATE(2, State.NODES),
  /** The session of that command, or the one in which the install was confirmed. */
  WHERE(4, State.NODES),
  /** The generation before which no node may trust Redis when the writer confirms. */
  EXPIRES(2, State.NODES),

  /** The relay's connection to Redis. */
  RELAY_SESSION(4, 1),
  /** How far the relay's round has got: {@link RelaySteps.Stage}. */
  RELAY(2, 1),
  /** The versions that the relay has read from the outbox. */
  ROWS(2, 1),
  /** The generation of the relay's permit. */
  PERMIT(2, 1),

  /** What a node's near cache holds: a version plus one; 0 for nothing. */
  NEAR(2, State.NODES),
  /** Whether an invalidation is on its way to a node. */
  MESSAGE(1, State.NODES),
  /** A value of Redis on its way into a near cache: a version plus one; 4 if its ticket is void. */
  ARRIVING(3, State.NODES);

  private static final int WORD = Long.SIZE;
  private static final int MAX_BITS = 4;

  /** The bits of the fields of node 0, for each word and number of bits. */
  private static final long[][] NODE_0 = new long[2][MAX_BITS + 1];

  final int bits;
  final int count;

  /** Of the first copies, from the lowest bit of the first word. No field lies in two words. */
  private static final int[] OFFSETS = new int[values().length];

  static {
    int next = 0;
    for (Field field : values()) {
      int length = field.bits * field.count;
      if (next / WORD != (next + length - 1) / WORD) {
        next = WORD;
      }
      OFFSETS[field.ordinal()] = next;
      if (field.count == State.NODES) {
        NODE_0[next / WORD][field.bits] |= ((1L << field.bits) - 1) << next;
      }
      next += length;
    }
    if (next > 2 * WORD) {
      throw new IllegalStateException("a state has " + next + " bits");
    }
  }

  Field(int bits, int count) {
    this.bits = bits;
    this.count = count;
  }

  /** A word of a state with the fields of the nodes exchanged. */
  static long mirrored(long word, int index) {
    long mirrored = word;
    for (int bits = 1; bits <= MAX_BITS; bits++) {
      long first = NODE_0[index][bits];
      long second = first << bits;
      mirrored &= ~(first | second);
      mirrored |= ((word & first) << bits) | ((word & second) >>> bits);
    }
    return mirrored;
  }

  int offset(int index) {
    return OFFSETS[ordinal()] + index * bits;
  }
}
