package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

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
            for each row execute function refuse()""");
    HttpResponse<String> refused = put();
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent(), refused.body());
    SERVICE.database().execute("drop trigger refuse on product_media");
    assertEquals(201, put().statusCode());
  }

  private static HttpResponse<String> put() {
    return SERVICE.write(
        "PUT",
        "/api/products/7/media",
        "{\"media\":[{\"type\":\"image\",\"url\":\"https://a.example/1.jpg\",\"alt\":\"One\"}]}");
  }
}
