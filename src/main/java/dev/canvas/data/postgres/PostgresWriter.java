package dev.canvas.data.postgres;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the Postgres table {@code product_media} on a held connection of its own: reads would wait
 * behind a commit.
 */
public final class PostgresWriter implements Writer {

  private final HeldConnection<WriterSession> postgres;
  private final PostgresCommits<WriterSession> commits;

  public PostgresWriter(Context context, DataSettings settings) {
    this(context, settings, WriterSession.CHANGE, WriterSession.COMMIT);
  }

  /**
   * @param change the text of the statement that commits where no row is missing
   * @param commit the text of the one that commits whatever rows there are
   */
  public PostgresWriter(Context context, DataSettings settings, String change, String commit) {
    // The server gives up before we do, so that what we stop to wait for is over, as a rule.
    Duration limit = settings.writeTimeout().multipliedBy(4).dividedBy(5);
    this.postgres =
        new HeldConnection<>(
            context,
            "Postgres (writing)",
            settings.writeTimeout(),
            onEnd ->
                new PostgresLink<>(
                    context.owner(),
                    settings.postgresUri(),
                    Map.of(),
                    connection -> WriterSession.prepare(connection, change, commit, limit),
                    onEnd));
    this.commits = new PostgresCommits<>(postgres);
  }

  @Override
  public Future<Void> connect() {
    return postgres.connect();
  }

  @Override
  public boolean isUp() {
    return postgres.isUp();
  }

  @Override
  public Future<Commit> commit(List<RowWrite> writes) {
    List<RowWrite> rows = RowArrays.sorted(writes);
    boolean allThere = rows.stream().allMatch(row -> row.expected() > 0);
    return commits.send(
        allThere ? WriterSession::change : WriterSession::commit,
        Tuple.of(RowArrays.ids(rows), RowArrays.items(rows), RowArrays.expected(rows)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return postgres
        .call(session -> session.itemIds().query().execute(Tuple.of(blocks)))
        .map(rows -> List.copyOf(longs(rows)))
        .recover(failure -> Future.failedFuture(PostgresCommits.unavailable(failure)));
  }

  @Override
  public Future<Long> exceedItemId(long itemId) {
    return lastItemId()
        .compose(
            last ->
                last > itemId
                    ? Future.succeededFuture(last)
                    : raiseItemId(itemId).compose(raised -> lastItemId()))
        .recover(failure -> Future.failedFuture(PostgresCommits.unavailable(failure)));
  }

  private Future<Long> lastItemId() {
    return postgres
        .call(session -> session.connection().query(WriterSession.LAST_ITEM_ID).execute())
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private Future<?> raiseItemId(long itemId) {
    String statement = WriterSession.RAISE_ITEM_ID.formatted(itemId, ItemIdRules.beyond(itemId));
    return postgres.call(session -> session.connection().query(statement).execute());
  }

  @Override
  public Future<Set<PendingChange>> unrepaired(Collection<PendingChange> changes) {
    Long[] versions = changes.stream().map(PendingChange::version).toArray(Long[]::new);
    return postgres
        .call(session -> session.unrepaired().query().execute(Tuple.of(versions)))
        .map(
            rows -> {
              Set<Long> there = Set.copyOf(longs(rows));
              return changes.stream()
                  .filter(change -> there.contains(change.version()))
                  .collect(Collectors.toSet());
            });
  }

  @Override
  public void close() {
    postgres.close();
  }

  private static List<Long> longs(RowSet<Row> rows) {
    List<Long> longs = new ArrayList<>(rows.size());
    rows.forEach(row -> longs.add(row.getLong(0)));
    return longs;
  }
}
