package dev.canvas.seed.source;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.canvas.media.Problem;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows of CSV (RFC 4180) whose header has {@code product_id} or {@code shoe_id}, and either {@code
 * media}, an item array, or the first service's {@code img1} … {@code img7}, {@code vid1}, {@code
 * vid2}. Other columns are passed by.
 */
final class CsvRecords implements Records {

  /** What the decoder puts where bytes are no UTF-8. */
  private static final String REPLACED = "\ufffd";

  private static final int SHOWN = 200;

  private final SourceFile file;
  private final ProductParser parser;
  private final CloseableIterator<CsvRecord> rows;
  private final int columns;
  private final int productId;
  private final int media;
  private final Map<String, Integer> slots = new HashMap<>();

  /**
   * @throws dev.canvas.media.ProblemException where the header has not what is needed
   */
  CsvRecords(SourceFile file, ProductParser parser) {
    this.file = file;
    this.parser = parser;
    this.rows =
        CsvReader.builder()
            .ofCsvRecord(new InputStreamReader(file.stream(), StandardCharsets.UTF_8))
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
          shown(String.join(", ", header)));
    }
  }

  @Override
  public Unparsed next() throws IOException {
    try {
      return rows.hasNext() ? unparsed(rows.next()) : null;
    } catch (CsvParseException malformed) {
      throw new IOException("no CSV: " + malformed.getMessage(), malformed);
    }
  }

  @Override
  public double share() {
    return file.share();
  }

  @Override
  public void close() throws IOException {
    rows.close();
    file.close();
  }

  /** What may be no text at all, fit for a terminal. */
  private static String shown(String text) {
    String printable = text.replaceAll("[^\\p{Print}\\p{L}]", "?");
    return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN) + "…";
  }

  private Unparsed unparsed(CsvRecord row) {
    long line = row.getStartingLineNumber();
    List<String> fields = row.getFields();
    String text = String.join(",", fields);
    if (fields.size() != columns) {
      String reason = "%d fields, and the header has %d".formatted(fields.size(), columns);
      return ProductParser.unreadable(new Reject(line, reason, text));
    }
    if (text.contains(REPLACED)) {
      return ProductParser.unreadable(new Reject(line, "no UTF-8", text));
    }
    if (media >= 0) {
      return parser.array(line, text, fields.get(productId), fields.get(media));
    }
    Map<String, String> urls = new HashMap<>();
    slots.forEach((name, column) -> urls.put(name, fields.get(column)));
    return parser.files(line, text, fields.get(productId), urls);
  }
}
