package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Opens a file, a pipe or standard input, and detects its format from its first bytes: NDJSON or
 * CSV, either of them plain or compressed with gzip. NDJSON is UTF-8; CSV is UTF-8 or UTF-16.
 */
public final class SourceFile {

  /** Standard input, on every platform. */
  private static final String STANDARD_INPUT = "/dev/stdin";

  private static final String EXPECTED = "expected NDJSON, or CSV with a header, plain or gzipped";
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
  private static final byte[] UTF_8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Negative for what is no regular file. */
  private final long length;

  private final CountingStream counting;
  private final InputStream stream;
  private final Charset charset;

  private SourceFile(Path file) throws IOException {
    boolean standardInput = file.toString().equals(STANDARD_INPUT);
    this.length = !standardInput && Files.isRegularFile(file) ? Files.size(file) : -1;
    // The stream of Files cannot tell what is available in a pipe.
    this.counting =
        new CountingStream(standardInput ? System.in : new FileInputStream(file.toFile()));
    BufferedInputStream raw = new BufferedInputStream(counting, BUFFER_BYTES);
    this.stream = startsWith(raw, GZIP_MAGIC) ? unpacked(raw) : raw;
    if (startsWith(stream, ZIP_MAGIC)) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file is a zip archive or a workbook of Excel: %s (in Excel, save as CSV UTF-8)",
          EXPECTED);
    }
    this.charset = charset();
  }

  /**
   * Opens a file. Closing the reader closes the file.
   *
   * @throws dev.canvas.media.ProblemException if it cannot be read, or its format is not supported
   */
  public static RecordReader open(String name, ProductParser parser) {
    Path file = Path.of(name);
    String fault =
        Files.isDirectory(file)
            ? "is a directory"
            : !Files.exists(file)
                ? "does not exist"
                : Files.isReadable(file) ? null : "is not readable";
    if (fault != null && !name.equals(STANDARD_INPUT)) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file %s %s on the machine that runs the load: %s", file, fault, EXPECTED);
    }
    try {
      return new SourceFile(file).records(parser);
    } catch (EOFException cutOff) {
      throw Problem.MALFORMED_REQUEST.because("The file %s is cut off: fetch it again", file);
    } catch (IOException failure) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file %s cannot be read (%s): %s", file, Failures.text(failure), EXPECTED);
    }
  }

  /**
   * Unlike the JDK's, this stream does not take what follows a member and is no member for the end,
   * nor a pipe that has no more bytes at the moment.
   */
  private static InputStream unpacked(InputStream raw) throws IOException {
    return new BufferedInputStream(
        GzipCompressorInputStream.builder()
            .setInputStream(raw)
            .setBufferSize(BUFFER_BYTES)
            .setDecompressConcatenated(true)
            .get(),
        BUFFER_BYTES);
  }

  private RecordReader records(ProductParser parser) throws IOException {
    int first = firstByte();
    if (first == '[') {
      throw Problem.MALFORMED_REQUEST.because(
          "The file is one JSON array: expected one document a line (NDJSON); convert it with"
              + " 'jq -c .[]'");
    }
    if (first < 0) {
      throw Problem.MALFORMED_REQUEST.because("The file is empty: " + EXPECTED);
    }
    if (first != '{') {
      return new CsvRecordReader(stream, charset, this::fractionRead, parser);
    }
    if (!charset.equals(StandardCharsets.UTF_8)) {
      throw Problem.MALFORMED_REQUEST.because(
          "The file is NDJSON in %s: expected UTF-8; convert it with 'iconv -f %s -t UTF-8'",
          charset, charset);
    }
    return new NdjsonRecordReader(stream, this::fractionRead, parser);
  }

  /** The encoding; skips its byte order mark. Every format begins with an ASCII character. */
  private Charset charset() throws IOException {
    stream.mark(UTF_8_MARK.length);
    byte[] first = stream.readNBytes(UTF_8_MARK.length);
    stream.reset();
    if (Arrays.equals(first, UTF_8_MARK)) {
      stream.skipNBytes(UTF_8_MARK.length);
      return StandardCharsets.UTF_8;
    }
    int pair = first.length < 2 ? -1 : (first[0] & 0xff) << 8 | (first[1] & 0xff);
    if (pair == 0xfffe || pair == 0xfeff) {
      stream.skipNBytes(2);
      return pair == 0xfeff ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }
    return pair < 0 || (pair >> 8 != 0 && (pair & 0xff) != 0)
        ? StandardCharsets.UTF_8
        : pair >> 8 == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
  }

  /** The first byte that is not white space; -1 if the file begins with white space alone. */
  private int firstByte() throws IOException {
    stream.mark(BUFFER_BYTES);
    int first = stream.read();
    for (int read = 1; first >= 0 && first <= ' ' && read < BUFFER_BYTES; read++) {
      first = stream.read();
    }
    stream.reset();
    return first;
  }

  private double fractionRead() {
    return length < 0 ? -1 : length == 0 ? 1 : Math.min(1, (double) counting.count.get() / length);
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
