package dev.canvas.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A data directory that belongs to this process until it is closed: whoever holds one may stop
 * servers that run in it, for they can only be left over. Thread-safe.
 *
 * <pre>
 * canvas-data.properties   the marker
 * canvas.lock              held while running; has the owner's process id
 * bin/  postgres/  redis/  logs/
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

  /** The major version of the Postgres binaries in the pom, and so of every cluster. */
  static final int POSTGRES_MAJOR = 18;

  static final String LOCK_FILE = "canvas.lock";

  /**
   * A lock on a file belongs to the whole process, and on POSIX systems closing any channel to the
   * file gives it up: so a directory held by this process is known without opening its lock file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Makes the directory when it is absent and takes it for this process.
   *
   * @throws EmbeddedServersException when it cannot be used, or is in use; then it is as it was
   */
  static DataDirectory claim(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    DirectoryCheck.refuseUnusable(absolute);
    try {
      Path root = create(absolute);
      if (!HELD_HERE.add(root)) {
        throw inUse(root, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        return take(root);
      } catch (IOException | RuntimeException e) {
        HELD_HERE.remove(root);
        throw e;
      }
    } catch (IOException e) {
      throw EmbeddedServersException.failed("using the data directory " + path, absolute, e);
    }
  }

  private static Path create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory.getParent());
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return directory.toRealPath();
  }

  private static DataDirectory take(Path root) throws IOException {
    Path file = root.resolve(LOCK_FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw inUse(root, Files.readString(file, StandardCharsets.US_ASCII).strip());
      }
      String pid = ProcessHandle.current().pid() + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      if (!DirectoryMetadata.isIn(root)) {
        DirectoryMetadata.CURRENT.write(root);
      }
      Files.createDirectories(root.resolve("logs"));
      return new DataDirectory(root, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static EmbeddedServersException inUse(Path root, String pid) {
    return new EmbeddedServersException(
        "%s is in use by process %s: stop that one, or name another data directory"
            .formatted(root, pid));
  }

  /** Where {@code name}, a server, has its data. */
  Path of(String name) {
    return root.resolve(name);
  }

  Binaries binaries() {
    return new Binaries(root.resolve("bin"));
  }

  ServerLog log(String name) {
    return new ServerLog(root.resolve("logs").resolve(name + ".log"));
  }

  /** Gives the directory up; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!lock.isOpen()) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw EmbeddedServersException.failed("giving up " + root, root, e);
    } finally {
      HELD_HERE.remove(root);
    }
  }
}
