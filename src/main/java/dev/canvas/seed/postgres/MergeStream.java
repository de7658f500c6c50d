package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import dev.canvas.seed.LoadedItemIds;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import dev.canvas.seed.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Loads chunks beside what is there: each into a table of its own session, and from there with one
 * statement. Rows are locked in the order of their ids, as writers lock them. Belongs to one
 * thread.
 */
final class MergeStream implements Target.Stream {

  /** A deleted product is one that is not there. */
  private static final Map<SeedRequest.OnConflict, String> WHERE =
      Map.of(
          SeedRequest.OnConflict.KEEP, "p.media is null",
          SeedRequest.OnConflict.REFUSE, "p.media is null",
          SeedRequest.OnConflict.REPLACE, "p.media::text is distinct from excluded.media::text");

  private static final String MERGE =
      """
      with merged as (
        insert into product_media as p (product_id, version, media)
        select product_id, nextval('media_version'), media
        from (
          select distinct on (product_id) product_id, media
          from seed_stage
          order by product_id, place %s
        ) chosen
        order by product_id
        on conflict (product_id) do update
        set media = excluded.media, version = nextval('media_version'), updated_at = now()
        where %s
        returning 1
      )
      select count(*) from merged""";

  private static final String THERE =
      """
      select string_agg(product_id::text, ', ')
      from (
        select distinct product_id from seed_stage join product_media using (product_id)
        order by 1 limit 5
      ) p""";

  private final Connection connection;
  private final LoadedItemIds itemIds;
  private final long run;
  private final SeedRequest.OnConflict onConflict;
  private final CopyRows rows;
  private int chunk;
  private long added;

  MergeStream(
      Connection connection, LoadedItemIds itemIds, long run, SeedRequest.OnConflict onConflict)
      throws SQLException {
    this.connection = connection;
    this.itemIds = itemIds;
    this.run = run;
    this.onConflict = onConflict;
    Sql.execute(connection, "set temp_buffers = '32MB'");
    // The caches learn of all at the end.
    Sql.execute(connection, "set canvas.loading = on");
    Sql.execute(connection, "set synchronous_commit = off");
    Sql.execute(
        connection,
        "create temp table seed_stage (product_id bigint, place bigint, media json)"
            + " on commit delete rows");
    connection.setAutoCommit(false);
    this.rows = new CopyRows(connection, "seed_stage (product_id, place, media)");
  }

  @Override
  public void begin(int number) throws SQLException {
    chunk = number;
    added = 0;
    rows.begin();
  }

  @Override
  public void add(long place, long productId, byte[] items, int length, long highestItemId)
      throws SQLException, InterruptedException {
    itemIds.add(highestItemId);
    rows.add(productId, place, items, length);
    added++;
  }

  @Override
  public void commit(Tally tally) throws SQLException, InterruptedException {
    rows.end();
    itemIds.awaitSettled();
    boolean replaces = onConflict == SeedRequest.OnConflict.REPLACE;
    long merged =
        Sql.number(connection, MERGE.formatted(replaces ? "desc" : "asc", WHERE.get(onConflict)));
    if (onConflict == SeedRequest.OnConflict.REFUSE && merged < added) {
      throw Problem.ALREADY_THERE.because(
          "Products of the source are there already, such as %s; --on-conflict keep or replace takes"
              + " the source all the same",
          Sql.text(connection, THERE));
    }
    RunLog.chunk(connection, run, chunk, tally);
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.cancel();
    } finally {
      connection.close();
    }
  }
}
