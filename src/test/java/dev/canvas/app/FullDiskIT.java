package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A Postgres that lacks disk space, memory or connections (SQLSTATE class 53). */
class FullDiskIT {

  private static final RunningService SERVICE =
      new RunningService(Map.of("CANVAS_STORE", "postgres"));

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  @Test
  void writesAreUnavailableUntilThereIsSpace() {
    SERVICE
        .database()
        .execute(
            """
            create function refuse() returns trigger language plpgsql as $$
            begin
              raise exception using errcode = '53100', message = 'could not extend file';
            end
            $$;
            create trigger refuse before insert on product_media
            for each row execute function refuse()\
            """);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    HttpResponse<String> refused = put();
    assertEquals(503, put().statusCode());
    root.detachAppender(log);
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.body().contains("its disk is full (could not extend file)"), refused.body());
    List<String> lines = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(
        lines.get(0).startsWith("Postgres: refuses to store (its disk is full"), lines::toString);
    assertTrue(
        health().contains("\"status\":\"DEGRADED\",\"reason\":\"its disk is full"), health());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent(), refused.body());
    SERVICE.database().execute("drop trigger refuse on product_media");
    assertEquals(201, put().statusCode());
    assertFalse(health().contains("DEGRADED"), health());
  }

  private static String health() {
    return SERVICE.management("/health/ready").body();
  }

  private static HttpResponse<String> put() {
    return SERVICE.write(
        "PUT",
        "/api/products/7/media",
        "{\"media\":[{\"type\":\"image\",\"url\":\"https://a.example/1.jpg\",\"alt\":\"One\"}]}");
  }
}
