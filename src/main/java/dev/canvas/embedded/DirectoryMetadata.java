package dev.canvas.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The file by which Canvas knows a data directory as its own.
 *
 * @param format how the directory is laid out
 * @param postgres the major version of Postgres that wrote its cluster
 */
record DirectoryMetadata(String format, String postgres) {

  static final String FILE = "canvas-data.properties";

  /** The marker of the data directories that this version of Canvas reads and makes. */
  static final DirectoryMetadata CURRENT =
      new DirectoryMetadata("1", Integer.toString(DataDirectory.POSTGRES_MAJOR));

  static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  static DirectoryMetadata read(Path directory) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(directory.resolve(FILE))) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException(FILE + " is damaged", e);
    }
    return new DirectoryMetadata(
        properties.getProperty("format", "unknown").strip(),
        properties.getProperty("postgres", "unknown").strip());
  }

  void write(Path directory) throws IOException {
    Path prepared = directory.resolve(FILE + ".new");
    Files.writeString(
        prepared,
        """
        # Written by Canvas: the data of its Postgres and Redis are in this directory.
        format=%s
        postgres=%s
        """
            .formatted(format, postgres));
    DirectoryTree.force(prepared);
    DirectoryTree.publish(prepared, directory.resolve(FILE));
  }
}
