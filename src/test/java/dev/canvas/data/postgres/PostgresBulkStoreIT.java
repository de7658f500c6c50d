package dev.canvas.data.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.RelayMark;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresBulkStoreIT {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private PostgresBulkStore bulks;

  @BeforeEach
  void connect() throws TimeoutException {
    Schema.migrate(database.dataSource());
    bulks =
        new PostgresBulkStore(
            loop,
            new OutageLog("Postgres"),
            PostgresSettings.of(database.uri()),
            new StoreGuard(),
            DEADLINE);
    call(bulks::connect);
  }

  @AfterEach
  void close() {
    vertx.close().await();
    database.close();
  }

  @Test
  void aMarkIsPassedWhenEverythingCommittedBeforeItIsRelayed() throws TimeoutException {
    assertTrue(isPassed(mark()), "nothing has ever been committed");
    insert(1);
    RelayMark first = mark();
    insert(2);
    RelayMark second = mark();
    assertFalse(isPassed(first));
    assertFalse(isPassed(second));
    database.execute("delete from media_outbox where 1 = any(product_ids)");
    assertTrue(isPassed(first));
    assertFalse(isPassed(second));
    insert(3);
    database.execute("delete from media_outbox where 2 = any(product_ids)");
    assertTrue(isPassed(second), "what was committed after the mark does not count");
    database.execute("delete from media_outbox");
    assertTrue(isPassed(mark()));
  }

  private void insert(long productId) {
    database.execute(
        "insert into product_media (product_id, media) values (%d, '[]')".formatted(productId));
  }

  private RelayMark mark() throws TimeoutException {
    return call(() -> bulks.mark(List.of()));
  }

  private boolean isPassed(RelayMark mark) throws TimeoutException {
    return call(mark::isPassed);
  }

  private <T> T call(Supplier<Future<T>> command) throws TimeoutException {
    Promise<T> answer = Promise.promise();
    loop.runOnContext(now -> command.get().onComplete(answer));
    return answer.future().await(20, TimeUnit.SECONDS);
  }
}
