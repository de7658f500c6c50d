package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import dev.canvas.seed.source.ProductParser;
import dev.canvas.seed.source.RecordReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Reads the first service's table {@code shoe_images}. If a shoe has several rows, only the one
 * with the highest ID counts.
 */
final class ShoeImagesReader implements RecordReader {

  private static final int FETCH_ROWS = 2_000;
  private static final String[] SLOTS = {
    "img1", "img2", "img3", "img4", "img5", "img6", "img7", "vid1", "vid2"
  };

  private static final String ROWS =
      """
      select distinct on (shoe_id)
        id, shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2
      from shoe_images
      where shoe_id is not null
      order by shoe_id, id desc""";

  private final Connection connection;
  private final PreparedStatement select;
  private final ResultSet rows;
  private final ProductParser parser;

  /**
   * @throws dev.canvas.media.ProblemException if there is no such table
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
    if (!rows.next()) {
      return null;
    }
    Map<String, String> urls = new TreeMap<>();
    for (String slot : SLOTS) {
      urls.put(slot, rows.getString(slot));
    }
    String shoeId = rows.getString("shoe_id");
    urls.values().removeIf(Objects::isNull);
    return parser.slots(
        rows.getLong("id"), "the row with this ID, " + shoeId + ", " + urls, shoeId, urls);
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
