package dev.canvas.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A password that keeps the other accounts of this machine away from a server: whoever may log in
 * to Postgres as its superuser, or configure Redis, runs programs as the account that started it.
 *
 * @param text letters and digits
 */
record ServerPassword(String text) {

  private static final int BYTES = 24;

  static ServerPassword random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new ServerPassword(HexFormat.of().formatHex(bytes));
  }

  /** Does not show it. */
  @Override
  public String toString() {
    return "…";
  }
}
