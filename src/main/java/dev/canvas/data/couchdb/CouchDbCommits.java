package dev.canvas.data.couchdb;

import dev.canvas.data.store.Commits;
import io.vertx.core.Future;
import io.vertx.core.json.Json;

/** Finds in CouchDB's feed what has been committed since a moment, which is a sequence number. */
final class CouchDbCommits implements Commits {

  private static final int LIMIT = 1_000;

  private final CouchDbAccess couchDb;

  CouchDbCommits(CouchDbAccess couchDb) {
    this.couchDb = couchDb;
  }

  @Override
  public Future<Moment> now() {
    return couchDb
        .call(CouchDbFeed::now)
        .map(
            now -> {
              long number = CouchDbFeed.number(now);
              return new Moment(Json.encode(now), number, number);
            });
  }

  @Override
  public Future<Boolean> isRelayed(Moment moment) {
    // The relay's number stays behind changes that are no product's, such as its own.
    return couchDb.call(
        session ->
            CouchDbFeed.relayed(session)
                .compose(
                    relayed ->
                        CouchDbFeed.number(relayed) >= moment.lastMessage()
                            ? Future.succeededFuture(true)
                            : CouchDbFeed.isRelayed(session)));
  }

  @Override
  public Future<Page> after(Moment moment, String next) {
    Object since = Json.decodeValue(next == null ? moment.position() : next);
    return couchDb
        .call(session -> CouchDbFeed.after(session, since, LIMIT))
        .map(
            feed -> new Page(feed.rows(), feed.rows().isEmpty() ? null : Json.encode(feed.last())));
  }
}
