package dev.canvas.seed.source;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.canvas.media.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Reads CSV (RFC 4180). The header names {@code product_id} or {@code shoe_id}, and either {@code
 * media}, which holds an item array, or columns of the first service: {@code img1} … {@code img7},
 * {@code vid1}, {@code vid2}. Other columns are ignored.
 */
final class CsvRecordReader implements RecordReader {

  /** The decoder substitutes this character for bytes that are not UTF-8. */
  private static final String REPLACEMENT = "\ufffd";

  private static final int MAX_SHOWN = 200;

  private final InputStream in;
  private final DoubleSupplier fractionRead;
  private final ProductParser parser;
  private final CloseableIterator<CsvRecord> rows;
  private final int columns;
  private final int productId;
  private final int media;
  private final Map<String, Integer> slots = new HashMap<>();

  /**
   * @throws dev.canvas.media.ProblemException if the header lacks a required column
   */
  CsvRecordReader(InputStream in, DoubleSupplier fractionRead, ProductParser parser) {
    this.in = in;
    this.fractionRead = fractionRead;
    this.parser = parser;
    this.rows =
        CsvReader.builder()
            .ofCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))
            .iterator();
    List<String> header =
        rows.hasNext()
            ? rows.next().getFields().stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList()
            : List.of();
    columns = header.size();
    productId = Math.max(header.indexOf("product_id"), header.indexOf("shoe_id"));
    media = header.indexOf("media");
    for (int i = 0; i < columns; i++) {
      if (header.get(i).matches("img[1-7]|vid[12]")) {
        slots.put(header.get(i), i);
      }
    }
    if (productId < 0 || (media < 0 && slots.isEmpty())) {
      throw Problem.MALFORMED_REQUEST.because(
          "The first line has the columns '%s': expected product_id and media, or shoe_id and img1,"
              + " img2, …, vid2",
          printable(String.join(", ", header)));
    }
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

  /** Makes a header safe to print on a terminal: a binary file has one too. */
  private static String printable(String text) {
    String printable = text.replaceAll("[^\\p{Print}\\p{L}]", "?");
    return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
  }

  private RawRecord rawRecord(CsvRecord row) {
    long line = row.getStartingLineNumber();
    List<String> fields = row.getFields();
    String text = String.join(",", fields);
    if (fields.size() != columns) {
      String reason = "has %d fields, the header has %d".formatted(fields.size(), columns);
      return ProductParser.invalid(line, reason, text);
    }
    if (text.contains(REPLACEMENT)) {
      return ProductParser.invalid(line, "is not UTF-8", text);
    }
    if (media >= 0) {
      return parser.itemArray(line, text, fields.get(productId), fields.get(media));
    }
    Map<String, String> urls = new HashMap<>();
    slots.forEach((name, column) -> urls.put(name, fields.get(column)));
    return parser.slots(line, text, fields.get(productId), urls);
  }
}
