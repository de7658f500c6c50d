package dev.canvas.seed.couchdb;

import dev.canvas.media.Problem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks a CouchDB database over connections that are kept alive, one a thread that asks. Fails with
 * {@link Problem#UNAVAILABLE} where it does not answer or refuses. Blocking; thread-safe.
 */
final class CouchDbRequests {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(2);

  /** Times that others may write a document first. */
  private static final int TRIES = 32;

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final CouchDbSeedSettings address;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  CouchDbRequests(CouchDbSeedSettings address) {
    this.address = address;
  }

  /**
   * What stands there; null where nothing does.
   *
   * @param resource below the database, with its query
   */
  JsonObject get(String resource) throws InterruptedException {
    return (JsonObject) json(send("GET", resource, BodyPublishers.noBody(), Set.of(NOT_FOUND)));
  }

  /**
   * Compares a document's revision and sets it.
   *
   * @return its next revision; null where others have written it meanwhile
   */
  String put(String id, JsonObject document) throws InterruptedException {
    BodyPublisher body = BodyPublishers.ofString(document.encode());
    JsonObject answer = (JsonObject) json(send("PUT", id, body, Set.of(CONFLICT)));
    return answer == null ? null : answer.getString("rev");
  }

  /** Changes a document that is there, however many others change it too; answers it as it is. */
  JsonObject change(String id, Consumer<JsonObject> edit) throws InterruptedException {
    for (int tries = 0; tries < TRIES; tries++) {
      JsonObject document = get(id);
      if (document == null) {
        throw refused("it has no document '" + id + "'");
      }
      edit.accept(document);
      if (put(id, document) != null) {
        return document;
      }
    }
    throw refused("others write the document '" + id + "' all the time");
  }

  /** What is read of the answer to a POST. */
  <T> T post(String resource, BodyPublisher body, Function<byte[], T> read)
      throws InterruptedException {
    return read.apply(send("POST", resource, body, Set.of()).body());
  }

  /** What is in an answer, which fails as one of no CouchDB where it is something else. */
  static JsonArray array(byte[] answer) {
    if (Json.decodeValue(new String(answer, StandardCharsets.UTF_8)) instanceof JsonArray array) {
      return array;
    }
    throw refused("what answered is no CouchDB");
  }

  static RuntimeException refused(String why) {
    return Problem.UNAVAILABLE.because("CouchDB cannot be loaded: %s", why);
  }

  private static Object json(HttpResponse<byte[]> answer) {
    if (answer.statusCode() == NOT_FOUND || answer.statusCode() == CONFLICT) {
      return null;
    }
    try {
      return Json.decodeValue(new String(answer.body(), StandardCharsets.UTF_8));
    } catch (DecodeException noJson) {
      throw refused("what answered is no CouchDB");
    }
  }

  private HttpResponse<byte[]> send(
      String method, String resource, BodyPublisher body, Set<Integer> expected)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(address.database() + (resource.isEmpty() ? "" : "/" + resource)))
            .timeout(ANSWER)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(method, body);
    if (address.authorization() != null) {
      request.header("Authorization", address.authorization());
    }
    HttpResponse<byte[]> answer = answer(request.build());
    int status = answer.statusCode();
    // 202: some server of a cluster has it, and not as many as should.
    if (status != 200 && status != 201 && !expected.contains(status)) {
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      throw refused(
          "%s %s was answered with %d %s"
              .formatted(
                  method,
                  resource.split("[?]", 2)[0],
                  status,
                  text.lines().findFirst().orElse("").strip()));
    }
    return answer;
  }

  /**
   * A server may end an idle connection just as a request is on its way: that one is sent again,
   * but for one that compares a revision, which would not match its own doing.
   */
  private HttpResponse<byte[]> answer(HttpRequest request) throws InterruptedException {
    try {
      try {
        return client.send(request, BodyHandlers.ofByteArray());
      } catch (IOException ended) {
        if (request.method().equals("PUT")) {
          throw ended;
        }
        return client.send(request, BodyHandlers.ofByteArray());
      }
    } catch (IOException away) {
      throw refused(
          "%s does not answer (%s)"
              .formatted(address.database(), away.getMessage() == null ? away : away.getMessage()));
    }
  }
}
