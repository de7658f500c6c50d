package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A server that returns the catalogue's document, and answers all other requests as the test
 * scripts it. Thread-safe.
 */
final class FakeCouchDb implements AutoCloseable {

  static final long EPOCH = 1_700_000_000_000_000L;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The deadline for the store under test. */
  static final Duration DEADLINE = Duration.ofSeconds(1);

  private interface Answer {
    void give(HttpServerRequest request);
  }

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final HttpServer server = vertx.createHttpServer();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> catalogues = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile long epoch = EPOCH;

  FakeCouchDb() {
    server.requestHandler(request -> request.body().onSuccess(body -> handle(request, body)));
    await(server.listen(0, "127.0.0.1"));
  }

  CouchDbSettings settings() {
    return CouchDbSettings.of("http://canvas:secret@127.0.0.1:" + server.actualPort() + "/canvas");
  }

  /** The event loop of the store under test. */
  Context loop() {
    return loop;
  }

  /** The scripted requests received so far: method, URI, authorization, body. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Gives the database another epoch, as if it had been deleted and created again. */
  void recreate() {
    epoch = EPOCH + 1;
  }

  /** Scripts the answer to one more request. */
  void answer(int status, String body) {
    answers.add(request -> request.response().setStatusCode(status).end(body));
  }

  /** Scripts the answer to one more request for the catalogue's document. */
  void answerCatalogue(int status, String body) {
    catalogues.add(request -> request.response().setStatusCode(status).end(body));
  }

  /** Leaves one more request without an answer. */
  void silence() {
    answers.add(request -> {});
  }

  /** Closes the connection of one more request. */
  void cut() {
    answers.add(request -> request.connection().close());
  }

  /** Stops listening. */
  void stop() {
    await(server.close());
  }

  /** Makes a call on the event loop and waits for its result. */
  <T> T call(Supplier<Future<T>> call) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(now -> call.get().onComplete(done));
    return await(done.future());
  }

  private void handle(HttpServerRequest request, Buffer body) {
    boolean catalogue = request.uri().equals("/canvas/canvas");
    if (catalogue && catalogues.isEmpty()) {
      // Forces the next request onto a new connection.
      request
          .response()
          .putHeader("Connection", "close")
          .end(new JsonObject().put("epoch", epoch).put("next_item_id", 1_000).toBuffer());
      return;
    }
    requests.add(
        "%s %s %s %s"
            .formatted(request.method(), request.uri(), request.getHeader("Authorization"), body));
    Answer answer = (catalogue ? catalogues : answers).poll();
    if (answer == null) {
      request.response().setStatusCode(500).end("no answer is scripted");
    } else {
      answer.give(request);
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
