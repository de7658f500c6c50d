package dev.canvas.redis;

/** The server answers, but Canvas cannot use it as its cache. Another attempt is no use. */
public final class UnsupportedRedisException extends RuntimeException {

  UnsupportedRedisException(String message) {
    super(message, null, false, false);
  }
}
