package dev.canvas.data.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The Lua scripts that change the state of a key in Redis. The header of each script lists its
 * transitions.
 */
public enum Script {
  /** Grants the right to fill missing keys. */
  LEASE,
  /** Caches rows under their leases. */
  FILL,
  /** Fences products before a commit. */
  FENCE,
  /** Removes fences after a commit and caches what was written. */
  INSTALL,
  /** Removes what may be older than a change without a fence. */
  REPAIR;

  /**
   * Precedes each script: the script runs only if the value of its first key, the {@link
   * GenerationMarker}, is the generation of its other keys.
   */
  static final String GUARD =
      """
      local marker = redis.call('GET', table.remove(KEYS, 1))
      if not marker then
        return redis.error_reply('UNMARKED the marker of the generation is lost')
      end
      if marker ~= string.match(KEYS[1], '^canvas:%x+:(%d+):') then
        return redis.error_reply('SWAPPED the catalogue has been switched')
      end
      """;

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
