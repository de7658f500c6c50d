package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * The file or standard output that an export writes to. A failed write is rolled back to the last
 * commit, so that a file never ends within a line. Belongs to one thread.
 */
final class ExportOutput implements AutoCloseable {

  private static final String STANDARD_OUTPUT = "/dev/stdout";
  private static final int BUFFER_BYTES = 1 << 16;

  private static final int FILE_TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private final FileChannel channel;
  private final boolean isPipe;
  private final boolean compressed;
  private final OutputStream out;
  private long bytes;
  private long committed;
  private boolean abandoned;

  /**
   * @param channel null for what is no regular file
   * @param isPipe whether the output has a reader that may go away
   */
  private ExportOutput(FileChannel channel, boolean isPipe, boolean compressed, OutputStream out)
      throws IOException {
    this.channel = channel;
    this.isPipe = isPipe;
    this.compressed = compressed;
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.committed = channel == null ? 0 : channel.position();
  }

  /**
   * Opens an output.
   *
   * @param file compressed if its name ends with .gz; null for standard output
   * @param append keeps the content of the file; gzip allows concatenation (RFC 1952, section 2.2)
   * @throws StartFailure if the file cannot be written, or its last line is incomplete
   */
  static ExportOutput open(Path file, boolean append) {
    try {
      if (file == null) {
        // Not System.out, which does not report that its reader has gone.
        return new ExportOutput(
            null,
            isPipe(Path.of(STANDARD_OUTPUT)),
            false,
            new FileOutputStream(FileDescriptor.out));
      }
      boolean compressed = file.toString().endsWith(".gz");
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        OutputStream device = new FileOutputStream(file.toFile());
        return new ExportOutput(
            null,
            isPipe(file),
            compressed,
            compressed ? new GZIPOutputStream(device, BUFFER_BYTES) : device);
      }
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!append) {
        channel.truncate(0);
      } else if (!compressed && !endsWithWholeLine(channel)) {
        channel.close();
        throw new StartFailure(
            ("The last line of %s is incomplete, as an export stopped there. Remove it (sed -i"
                    + " '$d' %s), then continue with --after and the product id of the line before")
                .formatted(file, file));
      }
      channel.position(channel.size());
      OutputStream out = Channels.newOutputStream(channel);
      return new ExportOutput(
          channel, false, compressed, compressed ? new GZIPOutputStream(out, BUFFER_BYTES) : out);
    } catch (IOException failure) {
      throw new StartFailure(
          "The file %s cannot be written (%s): name another with --file"
              .formatted(
                  file,
                  failure instanceof NoSuchFileException
                      ? "its directory does not exist"
                      : failure.getMessage()),
          failure);
    }
  }

  /** The file to open for an option: null for standard output, by whichever name. */
  static Path named(Path file) {
    boolean standard =
        file != null && (file.toString().equals("-") || file.toString().equals(STANDARD_OUTPUT));
    return standard ? null : file;
  }

  /** Whether a file is a pipe or a socket. */
  private static boolean isPipe(Path file) {
    try {
      int type = (int) Files.getAttribute(file, "unix:mode") & FILE_TYPE;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /**
   * Whether the output has a reader, which has gone if a write fails: such as {@code head}, after
   * the lines that it wanted.
   */
  boolean isPipe() {
    return isPipe;
  }

  /** Closes nothing but the output itself: what was not written stays so. */
  void abandon() {
    abandoned = true;
  }

  void writeLine(Buffer document) throws IOException {
    out.write(document.getBytes());
    out.write('\n');
    bytes += document.length() + 1;
  }

  /** The bytes written so far, before compression. */
  long bytes() {
    return bytes;
  }

  /** Makes what was written so far survive a later {@link #rollback}. */
  void commit() throws IOException {
    out.flush();
    committed = channel == null ? 0 : channel.position();
  }

  /**
   * Removes what was written since the last {@link #commit}, and closes the file.
   *
   * @return whether the file can be read and appended to
   */
  boolean rollback() {
    if (channel == null) {
      return false;
    }
    try (channel) {
      channel.truncate(committed);
      // A gzip file without its trailer is not valid.
      return !compressed;
    } catch (IOException failure) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (!abandoned && (channel == null || channel.isOpen())) {
      out.close();
    }
  }

  private static boolean endsWithWholeLine(FileChannel channel) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.size() == 0
        || (channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n');
  }
}
