package dev.canvas.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The metadata file that marks a directory as Canvas' data.
 *
 * @param format the version of the directory's layout
 * @param postgres the major version of the Postgres that created its cluster
 */
record DirectoryMetadata(String format, String postgres) {

  static final String FILE = "canvas-data.properties";

  /** The metadata of directories that this version of Canvas reads and creates. */
  static final DirectoryMetadata CURRENT =
      new DirectoryMetadata("1", Integer.toString(Binaries.POSTGRES_MAJOR));

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
    DurableFiles.force(prepared);
    DurableFiles.publish(prepared, directory.resolve(FILE));
  }
}
