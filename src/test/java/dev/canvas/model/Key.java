package dev.canvas.model;

/**
 * The states of a key, and the transitions that the scripts make. A version is 0, 1 or 2; a token
 * of a lease or a fence is the number of the node. {@code KeyScriptsIT} compares each transition
 * with that of the Lua script.
 */
final class Key {

  static final int MISSING = 0;

  /** Plus the version; an absence is the same to the protocol. */
  static final int VALUE = 1;

  static final int VERSIONS = 3;

  /** Plus the token. */
  static final int LEASE = VALUE + VERSIONS;

  /** Plus an index of {@link #FENCES}. */
  static final int FENCE = LEASE + State.NODES;

  /** The tokens of a fence, a bit for each, and {@link #SHARED}. */
  private static final int[] FENCES = {1, 2, 1 | 4, 2 | 4, 3 | 4};

  private static final int SHARED = 4;
  private static final int TOKENS = 3;

  /** The number of states. */
  static final int STATES = FENCE + FENCES.length;

  private final Rule broken;

  /**
   * @param broken the rule that the scripts do not keep
   */
  Key(Rule broken) {
    this.broken = broken;
  }

  static boolean isKnown(int key) {
    return key >= VALUE && key < LEASE;
  }

  static int version(int key) {
    return key - VALUE;
  }

  static boolean isFence(int key) {
    return key >= FENCE;
  }

  /** The tokens of a fence, a bit for each; 0 if it is none. */
  static int tokens(int key) {
    return isFence(key) ? FENCES[key - FENCE] & TOKENS : 0;
  }

  static boolean isShared(int key) {
    return isFence(key) && (FENCES[key - FENCE] & SHARED) != 0;
  }

  static int fence(int tokens, boolean shared) {
    int wanted = tokens | (shared || tokens == TOKENS ? SHARED : 0);
    for (int i = 0; i < FENCES.length; i++) {
      if (FENCES[i] == wanted) {
        return FENCE + i;
      }
    }
    throw new IllegalArgumentException("no fence has the tokens " + tokens);
  }

  /**
   * {@code fence.lua}.
   *
   * @param expired tokens that are past their deadline, a bit for each
   */
  int fence(int key, int token, int expired) {
    if (broken == Rule.NO_FENCE) {
      return key;
    }
    int others = tokens(key) & ~(1 << token);
    return fence((1 << token) | (others & ~expired), isShared(key) || others != 0);
  }

  /** Whether {@code fence.lua} reports that the product is being read. */
  boolean isWanted(int key) {
    return broken == Rule.NO_FENCE || (key != MISSING && !isFence(key));
  }

  /** {@code lease.lua}. */
  int lease(int key, int token) {
    return key == MISSING ? LEASE + token : key;
  }

  /** Whether {@code fill.lua} fills. */
  boolean fills(int key, int token) {
    return switch (broken) {
      case UNCONDITIONAL_FILL -> true;
      case FILL_FROM_AN_EXPIRED_LEASE -> key == MISSING || (key >= LEASE && key < FENCE);
      default -> key == LEASE + token;
    };
  }

  /** {@code fill.lua}. */
  int fill(int key, int token, int version) {
    return fills(key, token) ? VALUE + version : key;
  }

  /**
   * {@code install.lua}.
   *
   * @param written the new version; 0 if nothing was written
   * @param caches whether the new state comes with it
   */
  int install(int key, int token, int written, boolean caches) {
    if (isFence(key)) {
      int others = tokens(key) & ~(1 << token);
      if (others != 0) {
        return fence(others, true);
      }
      boolean mine = (tokens(key) & 1 << token) != 0 || broken == Rule.INSTALL_WITHOUT_MY_TOKEN;
      boolean alone = !isShared(key) || broken == Rule.SHARED_FENCE_INSTALLS;
      return mine && caches && alone ? VALUE + written : MISSING;
    }
    if (broken == Rule.INSTALL_WITHOUT_MY_TOKEN && key == MISSING && caches) {
      return VALUE + written;
    }
    if (key >= LEASE) {
      return broken == Rule.INSTALL_LEAVES_LEASES ? key : MISSING;
    }
    return isKnown(key) && version(key) < written ? MISSING : key;
  }

  /** {@code repair.lua}. */
  int repair(int key, int version) {
    if (isFence(key)) {
      return fence(tokens(key), true);
    }
    return key >= LEASE || (isKnown(key) && version(key) < version) ? MISSING : key;
  }

  /** The same with the tokens exchanged. */
  static int mirrored(int key) {
    if (key < LEASE) {
      return key;
    }
    if (key < FENCE) {
      return LEASE + 1 - (key - LEASE);
    }
    int tokens = tokens(key);
    return fence(tokens == TOKENS ? TOKENS : TOKENS - tokens, isShared(key));
  }

  static String text(int key) {
    if (key == MISSING) {
      return "-";
    }
    if (isKnown(key)) {
      return "V" + version(key);
    }
    return isFence(key)
        ? "F" + (isShared(key) ? "1" : "0") + ":" + tokens(key)
        : "L" + (key - LEASE);
  }
}
