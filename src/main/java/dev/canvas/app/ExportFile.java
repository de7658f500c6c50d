package dev.canvas.app;

import io.vertx.core.buffer.Buffer;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Where an export goes. Belongs to one thread. */
final class ExportFile implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final OutputStream out;
  private long bytes;

  private ExportFile(OutputStream out) {
    this.out = new BufferedOutputStream(out, BUFFER);
  }

  /**
   * Opens one.
   *
   * @param file compressed where its name ends with .gz; null for standard output
   * @param append whether what is there stays: files of gzip may follow each other (RFC 1952,
   *     section 2.2)
   */
  static ExportFile open(Path file, boolean append) {
    if (file == null) {
      // System.out keeps to itself that nobody reads any more.
      return new ExportFile(new FileOutputStream(FileDescriptor.out));
    }
    try {
      OutputStream out =
          append
              ? Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
              : Files.newOutputStream(file);
      return new ExportFile(
          file.toString().endsWith(".gz") ? new GZIPOutputStream(out, BUFFER) : out);
    } catch (IOException failure) {
      throw new StartFailure(
          "The file %s cannot be written (%s): name another with --file".formatted(file, failure),
          failure);
    }
  }

  void line(Buffer document) throws IOException {
    out.write(document.getBytes());
    out.write('\n');
    bytes += document.length() + 1;
  }

  /** Before they are compressed. */
  long bytes() {
    return bytes;
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
