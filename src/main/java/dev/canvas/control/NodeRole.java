package dev.canvas.control;

import java.util.Locale;

/** What a node of the cluster runs. */
public enum NodeRole {
  /** HTTP verticles, for clients. */
  HTTP,
  /** Data verticles, which hold the connections to Redis and to the store. */
  DATA,
  /** The seed verticle, which loads the store. */
  SEED,
  /** The relay verticle, which may relay committed changes. */
  RELAY;

  /** The name of the role in settings and reports. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role with a name. */
  public static NodeRole of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
