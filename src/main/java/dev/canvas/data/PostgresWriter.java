package dev.canvas.data;

import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.store.ItemIdRules;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the Postgres table {@code product_media} on a held connection of its own: reads would wait
 * behind a commit.
 */
final class PostgresWriter implements Writer {

  /**
   * SQLSTATEs of statements that may go through the next time: 40001 and 40P01 (serialization,
   * deadlock), 55P03 (a lock not had), 57014 (the statement's time was up).
   */
  private static final Set<String> PASSING = Set.of("40001", "40P01", "55P03", "57014");

  /** What the trigger media_replaced raises. */
  private static final String BEING_REPLACED = "CV503";

  private final HeldConnection<WriterSession> postgres;

  PostgresWriter(Context context, DataSettings settings) {
    this(context, settings, WriterSession.CHANGE, WriterSession.COMMIT);
  }

  /**
   * @param change the text of the statement that commits where no row is missing
   * @param commit the text of the one that commits whatever rows there are
   */
  PostgresWriter(Context context, DataSettings settings, String change, String commit) {
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
    List<RowWrite> rows = sorted(writes);
    boolean allThere = rows.stream().allMatch(row -> row.expected() > 0);
    return commit(
        allThere ? WriterSession::change : WriterSession::commit,
        Tuple.of(ids(rows), items(rows), expected(rows)));
  }

  @Override
  public Future<Commit> commitMany(List<RowWrite> writes) {
    List<RowWrite> rows = sorted(writes);
    List<RowWrite> changed = rows.stream().filter(row -> row.expected() > 0).toList();
    List<RowWrite> created = rows.stream().filter(row -> row.expected() == 0).toList();
    return commit(
        WriterSession::commitMany,
        Tuple.of(ids(changed), items(changed), expected(changed), ids(created), items(created)));
  }

  private Future<Commit> commit(
      Function<WriterSession, PreparedStatement> statement, Tuple arrays) {
    WriterSession sender = postgres.session();
    return postgres
        .call(session -> statement.apply(session).query().execute(arrays))
        .map(written -> new Commit(versions(written), Set.of()))
        .recover(failure -> Future.failedFuture(translated(failure, sender)));
  }

  /** In this order rows are locked. */
  private static List<RowWrite> sorted(List<RowWrite> writes) {
    return writes.stream().sorted(Comparator.comparing(row -> row.productId().value())).toList();
  }

  private static Long[] ids(List<RowWrite> rows) {
    return rows.stream().map(row -> row.productId().value()).toArray(Long[]::new);
  }

  private static String[] items(List<RowWrite> rows) {
    return rows.stream()
        .map(row -> row.items().map(Object::toString).orElse(""))
        .toArray(String[]::new);
  }

  private static Long[] expected(List<RowWrite> rows) {
    return rows.stream().map(RowWrite::expected).toArray(Long[]::new);
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return postgres
        .call(session -> session.itemIds().query().execute(Tuple.of(blocks)))
        .map(rows -> List.copyOf(longs(rows)))
        .recover(failure -> Future.failedFuture(unavailable(failure)));
  }

  @Override
  public Future<Long> exceedItemId(long itemId) {
    return lastItemId()
        .compose(
            last ->
                last > itemId
                    ? Future.succeededFuture(last)
                    : raiseItemId(itemId).compose(raised -> lastItemId()))
        .recover(failure -> Future.failedFuture(unavailable(failure)));
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

  private static Map<ProductId, Long> versions(RowSet<Row> written) {
    Map<ProductId, Long> versions = new HashMap<>();
    written.forEach(row -> versions.put(new ProductId(row.getLong(0)), row.getLong(1)));
    return versions;
  }

  private static List<Long> longs(RowSet<Row> rows) {
    List<Long> longs = new ArrayList<>(rows.size());
    rows.forEach(row -> longs.add(row.getLong(0)));
    return longs;
  }

  private Future<Boolean> isGone(WriterSession.Backend backend) {
    return postgres
        .call(
            session ->
                session.end().query().execute(Tuple.of(backend.processId(), backend.began())))
        .map(there -> there.size() == 0);
  }

  private RuntimeException translated(Throwable failure, WriterSession sender) {
    if (failure instanceof PgException refusal) {
      if (BEING_REPLACED.equals(refusal.getSqlState())) {
        return Problem.UNAVAILABLE.because(
            "The whole catalogue is being replaced, and nothing is written meanwhile; ask again when"
                + " the load is over");
      }
      return new RefusedException(refusal, PASSING.contains(refusal.getSqlState()));
    }
    boolean sent = !(failure instanceof HeldConnection.AwayException away) || away.isSent();
    return sent && sender != null
        ? new UnknownException(failure, () -> isGone(sender.backend()))
        : unavailable(failure);
  }

  private static RuntimeException unavailable(Throwable failure) {
    return Problem.UNAVAILABLE.because(
        "The store cannot be written to (%s); ask again in a second", failure.getMessage());
  }
}
