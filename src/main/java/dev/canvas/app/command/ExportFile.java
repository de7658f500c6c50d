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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Where an export is written to. Belongs to one thread. */
final class ExportFile implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final boolean compressed;
  private final OutputStream out;
  private long bytes;
  private long whole;

  /**
   * @param channel null for standard output
   */
  private ExportFile(FileChannel channel, boolean compressed, OutputStream out) throws IOException {
    this.channel = channel;
    this.compressed = compressed;
    this.out = new BufferedOutputStream(out, BUFFER);
    this.whole = channel == null ? 0 : channel.position();
  }

  /**
   * Opens one.
   *
   * @param file compressed where its name ends with .gz; null for standard output
   * @param append whether what is there stays: files of gzip may follow each other (RFC 1952,
   *     section 2.2)
   */
  static ExportFile open(Path file, boolean append) {
    try {
      if (file == null) {
        // System.out keeps to itself that nobody reads any more.
        return new ExportFile(null, false, new FileOutputStream(FileDescriptor.out));
      }
      boolean compressed = file.toString().endsWith(".gz");
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!append) {
        channel.truncate(0);
      } else if (!compressed && !endsWhole(channel)) {
        channel.close();
        throw new StartFailure(
            ("The last line of %s is not whole: an export was cut off there. Take it out (sed -i"
                    + " '$d' %s), and go on after the product of the line before")
                .formatted(file, file));
      }
      channel.position(channel.size());
      OutputStream out = Channels.newOutputStream(channel);
      return new ExportFile(
          channel, compressed, compressed ? new GZIPOutputStream(out, BUFFER) : out);
    } catch (IOException failure) {
      throw new StartFailure(
          "The file %s cannot be written (%s): name another with --file"
              .formatted(
                  file,
                  failure instanceof NoSuchFileException
                      ? "its directory is not there"
                      : failure.getMessage()),
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

  /** Has what was written so far stay, whatever fails later. */
  void keep() throws IOException {
    out.flush();
    whole = channel == null ? 0 : channel.position();
  }

  /**
   * Takes back what was written since {@link #keep}, and ends the file.
   *
   * @return whether all that is there is whole
   */
  boolean takeBack() {
    if (channel == null) {
      return false;
    }
    try (channel) {
      channel.truncate(whole);
      // What is compressed is whole with its end only.
      return !compressed;
    } catch (IOException failure) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel == null || channel.isOpen()) {
      out.close();
    }
  }

  private static boolean endsWhole(FileChannel channel) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.size() == 0
        || (channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n');
  }
}
