package dev.canvas.data.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The transitions of a key in Redis. Each script says its own in its header. */
public enum Script {
  /** Takes the right to fill missing keys. */
  LEASE,
  /** Fills leased keys. */
  FILL,
  /** Announces writes. */
  FENCE,
  /** Brings in what has been written. */
  INSTALL,
  /** Takes out what others may have left old. */
  REPAIR;

  private final String source = read(name().toLowerCase(Locale.ROOT) + ".lua");

  /** Its text in Lua. */
  public String source() {
    return source;
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
