package dev.canvas.postgres;

/**
 * One of the servers that may hold the database. Immutable.
 *
 * @param name a host name or address, or the directory of a Unix socket, which begins with a slash
 * @param address the address of the host if its name is not to be resolved; null otherwise
 * @param password null for none
 */
public record PostgresHost(String name, String address, int port, String password) {

  /** Whether it is reached by a Unix socket. */
  public boolean isSocket() {
    return name.startsWith("/");
  }

  /** The file of its Unix socket. */
  String socketFile() {
    return name + "/.s.PGSQL." + port;
  }

  /** {@code host:port}, safe to log. */
  @Override
  public String toString() {
    if (isSocket()) {
      return socketFile();
    }
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }
}
