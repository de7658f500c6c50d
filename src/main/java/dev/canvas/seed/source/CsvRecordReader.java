package dev.canvas.seed.source;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads CSV (RFC 4180) with a {@linkplain CsvHeader header}. The separator is a comma, a semicolon
 * or a tab, as Excel writes them: the one that the header has most often, or the one that a first
 * line {@code sep=…} names.
 */
final class CsvRecordReader implements RecordReader {

  /**
   * The decoder puts this in the place of bytes that are not in the encoding of the file. No valid
   * text has half a surrogate pair; U+FFFD may be part of one.
   */
  private static final String UNDECODABLE = "\udfff";

  private static final String SHOWN_INSTEAD = "\ufffd";

  private static final Pattern SEPARATOR_LINE = Pattern.compile("(?i)\"?sep=([,;|\t])\"?");
  private static final int MAX_HEADER = 1 << 14;

  private final InputStream in;
  private final DoubleSupplier fractionRead;
  private final ProductParser parser;
  private final BufferedReader text;
  private final CloseableIterator<CsvRecord> rows;
  private final CsvHeader header;

  /** The lines before the header. */
  private int skipped;

  /**
   * @throws dev.canvas.media.ProblemException if the header lacks a required column, or has one
   *     that would not be loaded
   */
  CsvRecordReader(
      InputStream in, Charset charset, DoubleSupplier fractionRead, ProductParser parser)
      throws IOException {
    this.in = in;
    this.fractionRead = fractionRead;
    this.parser = parser;
    this.text =
        new BufferedReader(
            new InputStreamReader(
                in,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)
                    .replaceWith(UNDECODABLE)));
    this.rows = CsvReader.builder().fieldSeparator(separator()).ofCsvRecord(text).iterator();
    this.header = CsvHeader.of(rows.hasNext() ? rows.next().getFields() : List.of());
  }

  @Override
  public RawRecord next() throws IOException {
    try {
      return rows.hasNext() ? rawRecord(rows.next()) : null;
    } catch (CsvParseException malformed) {
      throw new IOException("invalid CSV: " + malformed.getMessage(), malformed);
    }
  }

  @Override
  public double fractionRead() {
    return fractionRead.getAsDouble();
  }

  @Override
  public void close() throws IOException {
    rows.close();
    in.close();
  }

  /** Finds the separator, and skips a line that only names it. */
  private char separator() throws IOException {
    String line = peekLine();
    Matcher named = SEPARATOR_LINE.matcher(line.strip());
    if (named.matches()) {
      text.readLine();
      skipped = 1;
      return named.group(1).charAt(0);
    }
    char most = ',';
    for (char candidate : new char[] {';', '\t'}) {
      if (count(line, candidate) > count(line, most)) {
        most = candidate;
      }
    }
    return most;
  }

  /** The first line that is not empty, without reading on. */
  private String peekLine() throws IOException {
    text.mark(MAX_HEADER);
    StringBuilder line = new StringBuilder();
    int next = text.read();
    for (int read = 1; next >= 0 && read < MAX_HEADER; read++) {
      if (next != '\n' && next != '\r') {
        line.append((char) next);
      } else if (line.length() > 0) {
        break;
      }
      next = text.read();
    }
    text.reset();
    return line.toString();
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(each -> each == wanted).count();
  }

  private RawRecord rawRecord(CsvRecord row) {
    long line = row.getStartingLineNumber() + skipped;
    List<String> fields = row.getFields();
    String shown = String.join(",", fields).replace(UNDECODABLE, SHOWN_INSTEAD);
    if (fields.size() != header.columns()) {
      String reason = "has %d fields, the header has %d".formatted(fields.size(), header.columns());
      return ProductParser.invalid(line, reason, shown);
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).contains(UNDECODABLE)) {
        return ProductParser.invalid(
            line, "the field %d is not UTF-8: save the file in UTF-8".formatted(i + 1), shown);
      }
    }
    if (header.media() >= 0) {
      return parser.itemArray(
          line, shown, fields.get(header.productId()), fields.get(header.media()));
    }
    Map<String, String> urls = new HashMap<>();
    header.slots().forEach((name, column) -> urls.put(name, fields.get(column)));
    return parser.slots(line, shown, fields.get(header.productId()), urls);
  }
}
