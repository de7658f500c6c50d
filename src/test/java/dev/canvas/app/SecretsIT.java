package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestServers;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * No command prints a password, wherever in a URI it stands, whether or not the URI is usable, and
 * no answer has one, whatever the store says.
 */
class SecretsIT {

  private static final String SECRET = Secrets.secret("1");

  @Test
  void theDoctorShowsNoPasswordWhenAllIsWell() {
    String postgres = TestServers.shared().postgresUri() + "?password=" + SECRET;
    String redis = TestServers.shared().redisUri() + "?password=" + SECRET;
    String output =
        CanvasProcess.run(
            0,
            Map.of(
                "CANVAS_POSTGRES_URI",
                postgres,
                "CANVAS_REDIS_URI",
                redis,
                "CANVAS_AUTH_MODE",
                "none",
                "CANVAS_DATA_INSTANCES",
                "1"),
            "doctor");
    assertTrue(output.contains("reachable at redis://"), output);
    assertFalse(Secrets.isShownIn(output), output);
  }

  @Test
  void noAnswerHasASecretOfTheStoresWords() throws Exception {
    try (RunningService service = new RunningService(Map.of("CANVAS_STORE", "postgres"))) {
      // As a foreign table does, which reports the address that it cannot reach.
      service
          .database()
          .execute(
              """
              create function refuse() returns boolean language plpgsql volatile as $$
              begin
                raise exception using errcode = '53300', message =
                  'no connection to postgresql://etl:%1$s@h/db?password=%1$s';
              end
              $$;
              alter table product_media rename to hidden;
              create view product_media as select * from hidden where refuse();
              insert into hidden (product_id, media) values (7, '[]'), (8, '[]')\
              """
                  .formatted(SECRET));
      for (String path :
          new String[] {
            "/api/products/7/media", "/api/products/media?ids=7,8", "/api/images?shoe_id=7"
          }) {
        HttpResponse<String> answer = service.get(path);
        assertEquals(503, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("no connection to postgresql://etl:…@h"), answer.body());
        assertFalse(Secrets.isShownIn(answer.body()), answer.body());
      }
      ReplyException failure =
          assertThrows(
              ReplyException.class,
              () ->
                  service
                      .vertx()
                      .eventBus()
                      .request(Addresses.MEDIA_GET, new JsonObject().put("product_id", 7))
                      .await(20, TimeUnit.SECONDS));
      assertTrue(failure.getMessage().contains("etl:…@h"), failure.getMessage());
      assertFalse(Secrets.isShownIn(failure.getMessage()), failure.getMessage());
      assertFalse(Secrets.isShownIn(service.management("/health/ready").body()));
      assertFalse(Secrets.isShownIn(service.get("/products/7", "Accept", "text/html").body()));
    }
  }
}
