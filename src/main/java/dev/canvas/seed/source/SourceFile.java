package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** A file of products, compressed by gzip or not. */
public final class SourceFile implements AutoCloseable {

  private static final int BUFFER = 1 << 16;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final long length;
  private final Counting counting;
  private final InputStream stream;

  private SourceFile(Path file) throws IOException {
    this.length = Files.size(file);
    this.counting = new Counting(Files.newInputStream(file));
    BufferedInputStream raw = new BufferedInputStream(counting, BUFFER);
    this.stream =
        startsWith(raw, GZIP)
            ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
            : raw;
    if (startsWith(stream, BYTE_ORDER_MARK)) {
      stream.skipNBytes(BYTE_ORDER_MARK.length);
    }
  }

  /**
   * Opens one.
   *
   * @throws dev.canvas.media.ProblemException where it cannot be read
   */
  public static SourceFile open(String name) throws IOException {
    Path file = Path.of(name);
    String wrong =
        Files.isDirectory(file)
            ? "is a directory"
            : !Files.exists(file)
                ? "is not there"
                : Files.isReadable(file) ? null : "may not be read";
    if (wrong != null) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file %s %s, on the machine of the seeder: expected NDJSON, or CSV with a header, or"
              + " .gz of them",
          file, wrong);
    }
    return new SourceFile(file);
  }

  /** What it has, by what it begins with. */
  public Records records(ProductParser parser) throws IOException {
    return switch (firstByte()) {
      case '{' -> new NdjsonRecords(this, parser);
      case '[' ->
          throw Problem.MALFORMED_REQUEST.because(
              "The file is one JSON array: expected a document a line (NDJSON), as 'jq -c .[]' makes");
      case -1 ->
          throw Problem.MALFORMED_REQUEST.because(
              "The file is empty: expected NDJSON, or CSV with a header");
      default -> new CsvRecords(this, parser);
    };
  }

  /** The first byte that is no white space; -1 where there is none close to the beginning. */
  private int firstByte() throws IOException {
    stream.mark(BUFFER);
    int first = stream.read();
    for (int read = 1; first > 0 && first <= ' ' && read < BUFFER; read++) {
      first = stream.read();
    }
    stream.reset();
    return first;
  }

  InputStream stream() {
    return stream;
  }

  /** The share that has been read. */
  double share() {
    return length == 0 ? 1 : Math.min(1, (double) counting.count.get() / length);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static boolean startsWith(InputStream in, byte[] prefix) throws IOException {
    in.mark(prefix.length);
    byte[] first = in.readNBytes(prefix.length);
    in.reset();
    return java.util.Arrays.equals(first, prefix);
  }

  /** Counts bytes; the count may be asked by any thread. */
  private static final class Counting extends FilterInputStream {

    private final AtomicLong count = new AtomicLong();

    Counting(InputStream in) {
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
