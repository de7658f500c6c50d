package dev.canvas.redis;

import dev.canvas.diagnosis.Diagnosis;

/** The server answers, but Canvas cannot use it as its cache. Another attempt is no use. */
public final class UnsupportedRedisException extends RuntimeException {

  private final transient Diagnosis diagnosis;

  UnsupportedRedisException(String server, Diagnosis diagnosis) {
    super("Redis at " + server + " cannot be used: " + diagnosis, null, false, false);
    this.diagnosis = diagnosis;
  }

  Diagnosis diagnosis() {
    return diagnosis;
  }
}
