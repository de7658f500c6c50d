package dev.canvas.data.postgres;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The rows of bulks in the Postgres table {@code product_media}, on a held connection of its own:
 * it waits for a server that stands still for longer than a reader or a single write may.
 */
public final class PostgresBulkStore implements BulkStore {

  private final HeldConnection<BulkSession> postgres;
  private final PostgresCommits<BulkSession> commits;

  public PostgresBulkStore(Context context, DataSettings settings) {
    // The server gives up before we do, so that what we stop to wait for is over, as a rule.
    Duration limit = settings.bulkTimeout().multipliedBy(4).dividedBy(5);
    this.postgres =
        new HeldConnection<>(
            context,
            "Postgres (bulks)",
            settings.bulkTimeout(),
            onEnd ->
                new PostgresLink<>(
                    context.owner(),
                    settings.postgresUri(),
                    Map.of(),
                    connection -> BulkSession.prepare(connection, limit),
                    onEnd));
    this.commits = new PostgresCommits<>(postgres);
  }

  @Override
  public Future<Void> connect() {
    return postgres.connect();
  }

  @Override
  public Future<List<Row>> select(List<ProductId> productIds) {
    Long[] ids = productIds.stream().map(ProductId::value).toArray(Long[]::new);
    return postgres
        .call(session -> session.select().query().execute(Tuple.of(ids)))
        .map(found -> PostgresStore.rows(productIds, found))
        .recover(PostgresStore::translated);
  }

  @Override
  public Future<Writer.Commit> commit(List<RowWrite> writes) {
    List<RowWrite> rows = RowArrays.sorted(writes);
    List<RowWrite> changed = rows.stream().filter(row -> row.expected() > 0).toList();
    List<RowWrite> created = rows.stream().filter(row -> row.expected() == 0).toList();
    if (changed.isEmpty()) {
      return commits.send(
          BulkSession::create, Tuple.of(RowArrays.ids(created), (Object) RowArrays.items(created)));
    }
    return commits.send(
        BulkSession::commit,
        Tuple.of(
            RowArrays.ids(changed),
            RowArrays.items(changed),
            RowArrays.expected(changed),
            RowArrays.ids(created),
            RowArrays.items(created)));
  }

  @Override
  public void close() {
    postgres.close();
  }
}
