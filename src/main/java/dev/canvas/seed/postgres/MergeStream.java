package dev.canvas.seed.postgres;

import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Merges chunks into {@code product_media} while services write it: each chunk goes into a
 * temporary table, and from there with one statement. The statement locks rows in the order of
 * their ids, as all writers do, so that no deadlock arises. Belongs to one thread.
 */
final class MergeStream extends CopyStream {

  /** A deleted product counts as absent: its media are null. */
  private static final Map<SeedRequest.OnConflict, String> UPDATE_CONDITION =
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

  private static final String ALREADY_THERE =
      """
      select string_agg(product_id::text, ', ')
      from (
        select distinct product_id from seed_stage join product_media using (product_id)
        order by 1 limit 5
      ) p""";

  private final Connection connection;
  private final LoadedItemIds itemIds;
  private final SeedRequest.OnConflict onConflict;

  MergeStream(
      Connection connection, LoadedItemIds itemIds, long run, SeedRequest.OnConflict onConflict)
      throws SQLException {
    super(connection, itemIds, run, "seed_stage (product_id, place, media)");
    this.connection = connection;
    this.itemIds = itemIds;
    this.onConflict = onConflict;
    Sql.execute(connection, "set temp_buffers = '32MB'");
    // Keeps the trigger from writing outbox rows: all caches are invalidated at the end.
    Sql.execute(connection, "set canvas.loading = on");
    Sql.execute(connection, "set synchronous_commit = off");
    Sql.execute(
        connection,
        "create temp table seed_stage (product_id bigint, place bigint, media json)"
            + " on commit delete rows");
    connection.setAutoCommit(false);
  }

  @Override
  long number(long position) {
    return position;
  }

  @Override
  void finish(CopyRows rows, Target.Tally tally) throws SQLException, InterruptedException {
    rows.end();
    itemIds.awaitSettled();
    boolean lastWins = onConflict == SeedRequest.OnConflict.REPLACE;
    long merged =
        Sql.number(
            connection,
            MERGE.formatted(lastWins ? "desc" : "asc", UPDATE_CONDITION.get(onConflict)));
    if (onConflict == SeedRequest.OnConflict.REFUSE && merged < tally.loaded()) {
      throw TargetStore.alreadyThere(Sql.text(connection, ALREADY_THERE));
    }
  }
}
