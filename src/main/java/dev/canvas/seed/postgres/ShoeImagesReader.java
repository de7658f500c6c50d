package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.RecordReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Reads the first service's table {@code shoe_images}. Of several rows of a shoe it takes the one
 * that the first service showed, which is the one with the lowest ID. Where that has no media,
 * because its POST lost them, it takes the newest row that has.
 */
final class ShoeImagesReader implements RecordReader {

  private static final int FETCH_ROWS = 2_000;
  private static final String[] SLOTS = {
    "img1", "img2", "img3", "img4", "img5", "img6", "img7", "vid1", "vid2"
  };

  private static final String ROWS =
      """
      select id, shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2
      from shoe_images
      order by shoe_id nulls last, id\
      """;

  private final Connection connection;
  private final PreparedStatement select;
  private final ResultSet rows;
  private final ProductParser parser;
  private Row ahead;
  private long merged;
  private long mergedShoes;
  private long withoutShoe;

  /**
   * A row of the table. Immutable.
   *
   * @param shoeId null if the row has none
   * @param urls by the names of their slots, without empty ones
   */
  private record Row(long id, String shoeId, Map<String, String> urls) {}

  /**
   * @throws dev.canvas.media.ProblemException if there is no such table, or the name that it gets
   *     afterwards is taken
   */
  ShoeImagesReader(DataSource database, ProductParser parser) throws SQLException {
    this.parser = parser;
    connection = database.getConnection();
    try {
      String kind =
          Sql.text(
              connection, "select relkind from pg_class where oid = to_regclass('shoe_images')");
      if (!"r".equals(kind)) {
        throw Problem.MALFORMED_REQUEST.because(
            kind == null
                ? "The database has no table shoe_images: restore the one of the first service"
                : "shoe_images is the view that Canvas created: drop it (drop view shoe_images),"
                    + " restore the first service's table, then load again. The load creates the"
                    + " view anew");
      }
      if (Sql.text(connection, "select to_regclass('shoe_images_adopted')") != null) {
        throw Problem.ALREADY_THERE.because(
            "The table shoe_images_adopted of an earlier load is there, and shoe_images would get"
                + " its name: rename or drop it, then load again");
      }
      connection.setAutoCommit(false);
      select = connection.prepareStatement(ROWS);
      select.setFetchSize(FETCH_ROWS);
      rows = select.executeQuery();
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  @Override
  public RawRecord next() throws SQLException {
    Row first = ahead == null ? read() : ahead;
    Row shown = first;
    ahead = first == null ? null : read();
    long others = 0;
    for (; ahead != null && ahead.shoeId.equals(first.shoeId); ahead = read()) {
      others++;
      if (first.urls.isEmpty() && !ahead.urls.isEmpty()) {
        shown = ahead;
      }
    }
    merged += others;
    mergedShoes += others > 0 ? 1 : 0;
    return shown == null
        ? null
        : parser.slots(
            shown.id,
            "the row with this ID, " + shown.shoeId + ", " + shown.urls,
            shown.shoeId,
            shown.urls);
  }

  /** The next row that has a shoe; null at the end. */
  private Row read() throws SQLException {
    while (rows.next()) {
      Map<String, String> urls = new TreeMap<>();
      for (String slot : SLOTS) {
        String url = rows.getString(slot);
        if (url != null && !url.isBlank()) {
          urls.put(slot, url);
        }
      }
      String shoeId = rows.getString("shoe_id");
      if (shoeId != null) {
        return new Row(rows.getLong("id"), shoeId, urls);
      }
      withoutShoe++;
    }
    return null;
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (merged > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%,d rows were left out, because their %,d shoes have another row that the first"
                  + " service showed",
              merged,
              mergedShoes));
    }
    if (withoutShoe > 0) {
      notes.add(
          String.format(Locale.ROOT, "%,d rows were left out without a shoe_id", withoutShoe));
    }
    return notes;
  }

  @Override
  public double fractionRead() {
    return -1;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
