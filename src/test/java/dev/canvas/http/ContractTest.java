package dev.canvas.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.http.bridge.RunningBridge;
import dev.canvas.testing.BridgeClient;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sends random requests with any method, condition and body, and checks that every response is one
 * that {@code openapi.json} has for the route, and that it has none that never occurs; the same for
 * random messages and {@code asyncapi.json}. {@code -Dcanvas.contract.seed=…} repeats a failed run;
 * {@code -Dcanvas.contract.requests=…} sends more requests.
 */
class ContractTest {

  private static final int REQUESTS = Integer.getInteger("canvas.contract.requests", 10_000);
  private static final long SEED = Long.getLong("canvas.contract.seed", 1);
  private static final Set<String> ADDRESSES =
      Set.of(
          Addresses.MEDIA_GET,
          Addresses.MEDIA_BATCH,
          Addresses.MEDIA_PUT,
          Addresses.MEDIA_PATCH,
          Addresses.MEDIA_DELETE);

  /** Item ids and versions begin anew, because random ones are small. */
  private static final int RESET_EVERY = 100;

  /** Statuses that need more than a request, such as access control or an overload. */
  private static final Set<Integer> NEED_MORE = Set.of(401, 403, 408, 413, 414, 431, 500, 503);

  /** Of a write to a product that others keep changing. An order has this status by itself. */
  private static final int CONFLICT = 409;

  @RegisterExtension static final RunningHttp http = new RunningHttp();
  @RegisterExtension static final RunningBridge bridge = new RunningBridge(http);

  @Test
  void everyResponseIsDocumented() throws Exception {
    Random random = new Random(SEED);
    Map<String, Set<Integer>> seen = new TreeMap<>();
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
      if (i % RESET_EVERY == 0) {
        http.media().reset();
      }
      RandomRequest request = RandomRequest.any(random);
      HttpResponse<String> answer =
          http.write(
              request.method(),
              request.path(),
              request.type(),
              request.body(),
              request.headersAsArray());
      String description =
          "seed " + SEED + ", request " + i + ": " + request + "\n" + answer.body();
      assertTrue(
          statuses(request).contains(answer.statusCode()),
          answer.statusCode() + ", " + description);
      seen.computeIfAbsent(operation(request.method(), request.route()), each -> new TreeSet<>())
          .add(answer.statusCode());
      if (answer.statusCode() < 300) {
        done++;
      } else {
        assertProblem(answer, description);
      }
    }
    assertTrue(done > REQUESTS / 10, "Only " + done + " of the requests succeeded");
    assertEquals(List.of(), neverSeen(seen));
  }

  /** What the document has, but no request got. */
  private static List<String> neverSeen(Map<String, Set<Integer>> seen) {
    return RandomRequest.ROUTES.stream()
        .flatMap(
            route ->
                route.methods().stream()
                    .flatMap(
                        method ->
                            route.statuses().get(method).stream()
                                .filter(status -> !NEED_MORE.contains(status))
                                .filter(
                                    status -> status != CONFLICT || route.path().endsWith("/order"))
                                .filter(
                                    status ->
                                        !seen.getOrDefault(operation(method, route), Set.of())
                                            .contains(status))
                                .map(status -> operation(method, route) + " " + status)))
        .toList();
  }

  private static String operation(String method, Documented route) {
    return method + " " + route.path();
  }

  @Test
  void everyMessageGetsAnObjectOrAProblem() {
    Random random = new Random(SEED);
    List<String> addresses = ADDRESSES.stream().sorted().toList();
    Map<String, Set<Integer>> met = new TreeMap<>();
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
      String address = addresses.get(random.nextInt(addresses.size()));
      Object body = Fuzz.message(random);
      String description = "seed " + SEED + ", message " + i + " to " + address + ": " + body;
      try {
        http.vertx().eventBus().<JsonObject>request(address, body).await(10, TimeUnit.SECONDS);
        done++;
      } catch (ReplyException refused) {
        assertEquals(ReplyFailure.RECIPIENT_FAILURE, refused.failureType(), description);
        int status = refused.failureCode();
        assertDocumented(address, status, description);
        met.computeIfAbsent(address, each -> new TreeSet<>()).add(status);
        assertEquals(
            status, new JsonObject(refused.getMessage()).getInteger("status"), description);
      } catch (Exception unanswered) {
        throw new AssertionError(description, unanswered);
      }
    }
    assertTrue(done > REQUESTS / 20, "Only " + done + " of the messages succeeded");
    for (String address : addresses) {
      Set<Integer> documented = new TreeSet<>(DocumentedMessages.at(address).failures().keySet());
      documented.removeAll(NEED_MORE);
      if (!address.equals(Addresses.MEDIA_PATCH)) {
        documented.remove(CONFLICT);
      }
      assertEquals(documented, met.get(address), address);
    }
  }

  private static void assertDocumented(String address, int status, String description) {
    Set<Integer> documented = DocumentedMessages.at(address).failures().keySet();
    assertTrue(documented.contains(status), status + ", " + description);
  }

  @Test
  void everyMessageOverTheBridgeGetsAnObjectOrAProblem() {
    Random random = new Random(SEED);
    List<String> addresses = ADDRESSES.stream().sorted().toList();
    bridge.start();
    int done = 0;
    try (BridgeClient client = bridge.connect()) {
      for (int i = 0; i < REQUESTS; i++) {
        String address = addresses.get(random.nextInt(addresses.size()));
        Object body = Fuzz.message(random);
        String description = "seed " + SEED + ", message " + i + " to " + address + ": " + body;
        JsonObject answer = client.request(address, body);
        if (answer.getString("type").equals("message")) {
          assertTrue(answer.getValue("body") instanceof JsonObject, description);
          done++;
        } else {
          int status = answer.getInteger("failureCode");
          assertDocumented(address, status, description);
          assertEquals(
              status,
              new JsonObject(answer.getString("message")).getInteger("status"),
              description);
        }
      }
    }
    assertTrue(done > REQUESTS / 20, "Only " + done + " of the messages succeeded");
  }

  private static Set<Integer> statuses(RandomRequest request) {
    return request.route().statuses().getOrDefault(request.method(), Set.of(400, 405));
  }

  private static void assertProblem(HttpResponse<String> answer, String description) {
    if (answer.statusCode() == 304 || answer.request().method().equals("HEAD")) {
      return;
    }
    assertEquals(
        "application/problem+json",
        answer.headers().firstValue("content-type").orElse(""),
        description);
    JsonObject problem = new JsonObject(answer.body());
    assertEquals(answer.statusCode(), problem.getInteger("status"), description);
    assertTrue(problem.getString("type").startsWith("urn:canvas:problem:"), description);
    assertFalse(problem.getString("detail").isBlank(), description);
    assertFalse(answer.body().contains("Exception"), description);
    if (answer.statusCode() == 405) {
      assertTrue(answer.headers().firstValue("allow").isPresent(), description);
    }
    if (answer.statusCode() == 422 && problem.containsKey("errors")) {
      assertFalse(problem.getJsonArray("errors").isEmpty(), description);
    }
  }
}
