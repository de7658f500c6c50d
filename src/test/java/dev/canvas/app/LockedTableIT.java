package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table that somebody else keeps locked, as DDL by hand does. */
class LockedTableIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String CACHED = "/api/products/1/media";
  private static final String COLD = "/api/products/2/media";

  private final PostgresTestStore store = new PostgresTestStore(TestServers.shared().postgresUri());

  @Test
  void readersLeaveNoBackendsBehindAndRecover() throws SQLException {
    try (RunningService service =
        new RunningService(
            store,
            TestServers.shared().redisUri(),
            Map.of("CANVAS_DATA_INSTANCES", "1", "CANVAS_HTTP_INSTANCES", "1"))) {
      service.put(1);
      service.put(2);
      await().atMost(SOON).until(() -> service.get(CACHED).statusCode() == 200);
      await().atMost(SOON).until(() -> isFromRedis(service));
      int atRest = backends().size();
      Set<String> seen = new HashSet<>();
      try (Connection locking = store.database().dataSource().getConnection();
          Statement statement = locking.createStatement()) {
        locking.setAutoCommit(false);
        statement.execute("lock table product_media in access exclusive mode");
        assertEquals(503, service.get(COLD).statusCode());
        assertTrue(isFromRedis(service));
        // Until there have been four times as many, of which never more than two for a connection:
        // the one in use, and its predecessor, which a busy Postgres ends a little later.
        await()
            .atMost(SOON)
            .until(
                () -> {
                  Set<String> now = backends();
                  assertTrue(now.size() <= 2 * atRest, now + " of " + atRest + " at rest");
                  return seen.addAll(now) && seen.size() >= 4 * atRest;
                });
      }
      await().atMost(SOON).until(() -> service.get(COLD).statusCode() == 200);
      await().atMost(SOON).until(() -> backends().size() <= atRest);
    }
  }

  private static boolean isFromRedis(RunningService service) {
    return service.get(CACHED).headers().firstValue("Cache-Status").orElse("").contains("redis");
  }

  /** The processes of Postgres that work for the service. */
  private Set<String> backends() {
    String pids =
        store
            .database()
            .query(
                "select string_agg(pid::text, ' ') from pg_stat_activity"
                    + " where datname = current_database() and application_name = 'canvas'");
    return pids == null ? Set.of() : Set.copyOf(Arrays.asList(pids.split(" ")));
  }
}
