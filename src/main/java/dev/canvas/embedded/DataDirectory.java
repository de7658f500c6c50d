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
 * A data directory, locked by this process until it is closed. Only one process can hold it. So a
 * server that runs in it and was not started by this process is an orphan, and can be stopped.
 * Thread-safe.
 *
 * <pre>
 * canvas-data.properties   the metadata
 * canvas.lock              locked while in use; contains the process id of the owner
 * bin/  postgres/  redis/  logs/
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

  /**
   * The directories that this process holds. A POSIX file lock belongs to the whole process, and
   * closing any channel to the file releases it. So this set answers without opening the lock file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Locks the directory for this process. Creates it if it does not exist.
   *
   * @throws EmbeddedServersException if it cannot be used or is in use; it is unchanged then
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
        return lock(root);
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

  private static DataDirectory lock(Path root) throws IOException {
    Path file = root.resolve(DirectoryCheck.LOCK_FILE);
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
        "%s is in use by process %s: stop that process, or choose another data directory"
            .formatted(root, pid));
  }

  /** The subdirectory of the given name. */
  Path of(String name) {
    return root.resolve(name);
  }

  /** The log of the given name. */
  ServerLog log(String name) {
    return new ServerLog(root.resolve("logs").resolve(name + ".log"));
  }

  /** Releases the directory. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!lock.isOpen()) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw EmbeddedServersException.failed("releasing " + root, root, e);
    } finally {
      HELD_HERE.remove(root);
    }
  }
}
