package peer;

import java.util.Collection;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of the media in Postgres. */
@Repository
class MediaStore {

  private final DatabaseClient database;
  private final String select;
  private final String upsert;

  MediaStore(DatabaseClient database, @Value("${media.table}") String table) {
    this.database = database;
    this.select = "select product_id, version, media::text as media from " + table + " where product_id = any(:ids)";
    this.upsert =
        "insert into " + table + " (product_id, version, media)"
            + " values (:id, nextval('media_version'), :media::json)"
            + " on conflict (product_id) do update set version = excluded.version, media = excluded.media"
            + " returning version";
  }

  /** The documents that there are, in no order. */
  Flux<Found> read(Collection<Long> ids) {
    return database
        .sql(select)
        .bind("ids", ids.toArray(Long[]::new))
        .map(
            row -> {
              long id = row.get("product_id", Long.class);
              return new Found(
                  id, Document.of(id, row.get("version", Long.class), row.get("media", String.class)));
            })
        .all();
  }

  /** Creates or replaces the media of a product; its document. */
  Mono<Document> write(long id, String media) {
    return database
        .sql(upsert)
        .bind("id", id)
        .bind("media", media)
        .map(row -> Document.of(id, row.get("version", Long.class), media))
        .one();
  }

  record Found(long id, Document document) {}
}
