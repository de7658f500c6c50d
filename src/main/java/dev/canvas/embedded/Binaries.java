package dev.canvas.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the programs of the servers from the jars on the class path into a directory, once. Data
 * directories, threads and processes can share that directory. Thread-safe.
 *
 * @param directory created if it does not exist
 */
record Binaries(Path directory) {

  /** The major version of the Postgres binaries in the pom, and so of every cluster. */
  static final int POSTGRES_MAJOR = 18;

  /** The bit of a file mode that lets the owner execute the file. */
  private static final int OWNER_EXECUTE = 0100;

  @FunctionalInterface
  private interface Unpacker {
    void unpackInto(Path target) throws IOException;
  }

  /**
   * Checks that the jars with the programs are there: an installation may lack them.
   *
   * @throws EmbeddedServersException if one is missing
   */
  static void requireJars() {
    Platform platform = Platform.current();
    resource(platform.postgresResource());
    resource(platform.redisResource());
  }

  /** Returns the directory with the {@code bin}, {@code lib} and {@code share} of Postgres. */
  Path postgres(Consumer<String> progress) {
    URL archive = resource(Platform.current().postgresResource());
    Path installation =
        unpackOnce(
            "Postgres " + POSTGRES_MAJOR,
            "postgres-" + size(archive),
            target -> unpackArchive(archive, target),
            progress);
    requireExecutable(installation.resolve("bin/postgres"));
    return installation;
  }

  /** Returns the program {@code redis-server}. */
  Path redis(Consumer<String> progress) {
    URL program = resource(Platform.current().redisResource());
    Path server =
        unpackOnce(
                "Redis 7",
                "redis-" + size(program),
                target -> unpackProgram(program, target),
                progress)
            .resolve("redis-server");
    requireExecutable(server);
    return server;
  }

  private static void requireExecutable(Path program) {
    if (!Files.isExecutable(program)) {
      throw new EmbeddedServersException(
          "%s cannot be executed: its file system is mounted with noexec, or its rights were changed; choose another data directory"
              .formatted(program));
    }
  }

  private static URL resource(String name) {
    URL found = Binaries.class.getClassLoader().getResource(name);
    if (found == null) {
      throw new EmbeddedServersException(
          ("This Canvas has no servers of its own (%s is not in its libraries): start a Postgres"
                  + " and a Redis, set CANVAS_POSTGRES_URI and CANVAS_REDIS_URI, and use 'serve'; or"
                  + " take the archive that is not called slim, or build Canvas on this platform")
              .formatted(name));
    }
    return found;
  }

  /**
   * The size in bytes. It is part of the name of the unpacked directory, so that releases do not
   * mix.
   */
  private static long size(URL resource) {
    try {
      return resource.openConnection().getContentLengthLong();
    } catch (IOException e) {
      throw new EmbeddedServersException("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }

  private Path unpackOnce(String what, String name, Unpacker unpacker, Consumer<String> progress) {
    Path target = directory.resolve(name);
    if (Files.isDirectory(target)) {
      return target;
    }
    // The file lock excludes other processes, the monitor excludes other threads of this one.
    synchronized (Binaries.class) {
      try {
        Files.createDirectories(directory);
        try (FileChannel channel =
                FileChannel.open(
                    directory.resolve("unpack.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock held = channel.lock()) {
          if (held.isValid() && !Files.isDirectory(target)) {
            progress.accept("unpacking " + what + " (once)");
            Path unfinished = directory.resolve(name + ".new");
            DurableFiles.delete(unfinished);
            Files.createDirectory(unfinished);
            unpacker.unpackInto(unfinished);
            DurableFiles.forceAll(unfinished);
            DurableFiles.publish(unfinished, target);
          }
        }
      } catch (IOException e) {
        throw EmbeddedServersException.failed("unpacking " + what, directory, e);
      }
    }
    return target;
  }

  private static void unpackProgram(URL program, Path target) throws IOException {
    try (InputStream in = program.openStream()) {
      write(in, target.resolve("redis-server"), true);
    }
  }

  private static void unpackArchive(URL archive, Path target) throws IOException {
    try (InputStream raw = archive.openStream();
        XZInputStream xz = new XZInputStream(new BufferedInputStream(raw));
        TarArchiveInputStream tar = new TarArchiveInputStream(xz)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(path.getParent());
          write(tar, path, (entry.getMode() & OWNER_EXECUTE) != 0);
        }
      }
    }
  }

  private static void write(InputStream in, Path file, boolean program) throws IOException {
    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    if (program) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
