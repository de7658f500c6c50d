package dev.canvas.seed;

import dev.canvas.media.ProductId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads products into a Postgres store that nobody reads yet, by COPY. Blocking: not for an event
 * loop.
 */
public final class PostgresLoader {

  /** Rows of one COPY: what is loaded again after a crash, and how often progress is told. */
  private static final int BATCH = 50_000;

  private final DataSource database;

  /**
   * @param database where the schema is in place
   */
  public PostgresLoader(DataSource database) {
    this.database = database;
  }

  /**
   * Loads the catalogue where the store has no product at all.
   *
   * @return how many products were loaded
   * @throws SQLException where the database refuses; then nothing of the catalogue stays
   */
  public int loadIfEmpty(SampleCatalogue catalogue) throws SQLException {
    try (Connection connection = database.getConnection()) {
      if (number(connection, "select count(*) from (select from product_media limit 1) p") > 0) {
        return 0;
      }
      copy(connection, catalogue.products().stream());
      return catalogue.size();
    }
  }

  /**
   * Brings the generated products, which follow the catalogue's and show its pictures, up to a
   * number. Those that are there stay; a load that was interrupted goes on.
   *
   * @param rows how many generated products there are to be
   * @param progress told the number of those that are there, after each batch
   * @throws SQLException where the database refuses; what was told as loaded stays
   */
  public void generate(SampleCatalogue catalogue, long rows, LongConsumer progress)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      long first = catalogue.size() + 1L;
      long there =
          number(
              connection,
              "select coalesce(max(product_id) + 1 - %d, 0) from product_media where product_id >= %d"
                  .formatted(first, first));
      for (long loaded = there; loaded < rows; ) {
        long next = Math.min(rows, loaded + BATCH);
        copy(
            connection,
            LongStream.range(first + loaded, first + next)
                .mapToObj(id -> generated(catalogue.products(), id)));
        loaded = next;
        progress.accept(loaded);
      }
    }
  }

  private static StoredProduct generated(List<StoredProduct> samples, long id) {
    StoredProduct sample = samples.get((int) (id % samples.size()));
    return new StoredProduct(new ProductId(id), sample.items());
  }

  private static void copy(Connection connection, Stream<StoredProduct> products)
      throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("copy product_media (product_id, media) from stdin");
    try {
      for (Iterator<StoredProduct> each = products.iterator(); each.hasNext(); ) {
        byte[] line = line(each.next()).getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(line, 0, line.length);
      }
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** COPY's text format; in JSON without white space the backslash alone has to be escaped. */
  private static String line(StoredProduct product) {
    return product.productId() + "\t" + product.items().replace("\\", "\\\\") + "\n";
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
