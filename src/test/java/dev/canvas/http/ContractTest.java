package dev.canvas.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.bus.Addresses;
import dev.canvas.http.Requested.Route;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever is asked, by whatever method, with whatever condition and body: the answer is one that
 * the route's documentation has. {@code -Dcanvas.contract.seed=…} repeats what failed, {@code
 * -Dcanvas.contract.requests=…} asks for longer.
 */
class ContractTest {

  private static final int REQUESTS = Integer.getInteger("canvas.contract.requests", 3_000);
  private static final long SEED = Long.getLong("canvas.contract.seed", 1);
  private static final Set<String> ADDRESSES =
      Set.of(
          Addresses.MEDIA_GET,
          Addresses.MEDIA_BATCH,
          Addresses.MEDIA_PUT,
          Addresses.MEDIA_PATCH,
          Addresses.MEDIA_DELETE);

  @RegisterExtension static final RunningHttp http = new RunningHttp();

  @Test
  void everyRequestIsAnsweredAsIsDocumented() throws Exception {
    Random random = new Random(SEED);
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
      Requested asked = Requested.any(random);
      HttpResponse<String> answer =
          http.write(
              asked.method(), asked.path(), asked.type(), asked.body(), asked.headersAsArray());
      String told = "seed " + SEED + ", request " + i + ": " + asked + "\n" + answer.body();
      assertTrue(statuses(asked).contains(answer.statusCode()), answer.statusCode() + ", " + told);
      if (answer.statusCode() < 300) {
        done++;
      } else {
        assertProblem(answer, told);
      }
    }
    assertTrue(done > REQUESTS / 10, "Only " + done + " of the requests were good ones");
  }

  @Test
  void everyMessageIsAnsweredWithAnObjectOrAProblem() {
    Random random = new Random(SEED);
    List<String> addresses = ADDRESSES.stream().sorted().toList();
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
      String address = addresses.get(random.nextInt(addresses.size()));
      Object body = Fuzz.message(random);
      String told = "seed " + SEED + ", message " + i + " to " + address + ": " + body;
      try {
        http.vertx().eventBus().<JsonObject>request(address, body).await(10, TimeUnit.SECONDS);
        done++;
      } catch (ReplyException refused) {
        assertEquals(ReplyFailure.RECIPIENT_FAILURE, refused.failureType(), told);
        int status = refused.failureCode();
        assertTrue(Set.of(400, 404, 409, 412, 422).contains(status), status + ", " + told);
        assertEquals(status, new JsonObject(refused.getMessage()).getInteger("status"), told);
      } catch (Exception unanswered) {
        throw new AssertionError(told, unanswered);
      }
    }
    assertTrue(done > REQUESTS / 20, "Only " + done + " of the messages were good ones");
  }

  private static Set<Integer> statuses(Requested asked) {
    Route route = asked.route();
    return route.methods().contains(asked.method()) ? route.statuses() : Set.of(400, 405);
  }

  private static void assertProblem(HttpResponse<String> answer, String told) {
    if (answer.statusCode() == 304 || answer.request().method().equals("HEAD")) {
      return;
    }
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElse(""), told);
    JsonObject problem = new JsonObject(answer.body());
    assertEquals(answer.statusCode(), problem.getInteger("status"), told);
    assertTrue(problem.getString("type").startsWith("urn:canvas:problem:"), told);
    assertFalse(problem.getString("detail").isBlank(), told);
    assertFalse(answer.body().contains("Exception"), told);
    if (answer.statusCode() == 405) {
      assertTrue(answer.headers().firstValue("allow").isPresent(), told);
    }
    if (answer.statusCode() == 422 && problem.containsKey("errors")) {
      assertFalse(problem.getJsonArray("errors").isEmpty(), told);
    }
  }
}
