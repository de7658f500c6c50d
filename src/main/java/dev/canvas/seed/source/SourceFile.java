package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * Opens a file of products and detects its format from its first bytes: NDJSON or CSV, either of
 * them plain or compressed with gzip.
 */
public final class SourceFile {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final long length;
  private final CountingStream counting;
  private final InputStream stream;

  private SourceFile(Path file) throws IOException {
    this.length = Files.size(file);
    this.counting = new CountingStream(Files.newInputStream(file));
    BufferedInputStream raw = new BufferedInputStream(counting, BUFFER_BYTES);
    this.stream =
        startsWith(raw, GZIP_MAGIC)
            ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES)
            : raw;
    if (startsWith(stream, BYTE_ORDER_MARK)) {
      stream.skipNBytes(BYTE_ORDER_MARK.length);
    }
  }

  /**
   * Opens a file. Closing the reader closes the file.
   *
   * @throws dev.canvas.media.ProblemException if it cannot be read, or its format is not supported
   */
  public static RecordReader open(String name, ProductParser parser) throws IOException {
    Path file = Path.of(name);
    String fault =
        Files.isDirectory(file)
            ? "is a directory"
            : !Files.exists(file)
                ? "does not exist"
                : Files.isReadable(file) ? null : "is not readable";
    if (fault != null) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file %s %s on the machine that runs the load: expected NDJSON, or CSV with a header,"
              + " plain or gzipped",
          file, fault);
    }
    return new SourceFile(file).records(parser);
  }

  private RecordReader records(ProductParser parser) throws IOException {
    return switch (firstByte()) {
      case '{' -> new NdjsonRecordReader(stream, this::fractionRead, parser);
      case '[' ->
          throw Problem.MALFORMED_REQUEST.because(
              "The file is one JSON array: expected one document a line (NDJSON); convert it with"
                  + " 'jq -c .[]'");
      case -1 ->
          throw Problem.MALFORMED_REQUEST.because(
              "The file is empty: expected NDJSON, or CSV with a header");
      default -> new CsvRecordReader(stream, this::fractionRead, parser);
    };
  }

  /** The first byte that is not white space; -1 if the file begins with white space alone. */
  private int firstByte() throws IOException {
    stream.mark(BUFFER_BYTES);
    int first = stream.read();
    for (int read = 1; first > 0 && first <= ' ' && read < BUFFER_BYTES; read++) {
      first = stream.read();
    }
    stream.reset();
    return first;
  }

  private double fractionRead() {
    return length == 0 ? 1 : Math.min(1, (double) counting.count.get() / length);
  }

  private static boolean startsWith(InputStream in, byte[] prefix) throws IOException {
    in.mark(prefix.length);
    byte[] first = in.readNBytes(prefix.length);
    in.reset();
    return Arrays.equals(first, prefix);
  }

  /** Counts the bytes read from the file; any thread may read the count. */
  private static final class CountingStream extends FilterInputStream {

    private final AtomicLong count = new AtomicLong();

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int from, int most) throws IOException {
      int got = super.read(target, from, most);
      count.addAndGet(Math.max(0, got));
      return got;
    }
  }
}
