package dev.canvas.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests between the verticles of one event loop, and what happens while verticles leave. */
class LanesTest {

  private static final ProductId ID = new ProductId(1);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

  LanesTest() {
    Codecs.register(vertx.eventBus());
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aReadIsServedOnTheLoopOfTheCaller() throws Exception {
    deploy(new Server());
    deploy(new Server());
    for (int i = 0; i < 2; i++) {
      Caller caller = deploy(new Caller());
      for (int read = 0; read < 10; read++) {
        assertEquals(caller.loop, caller.loopOfRead());
      }
    }
  }

  @Test
  void aWriteIsServedOnTheLoopOfTheCaller() throws Exception {
    deploy(new Server());
    deploy(new Server());
    for (int i = 0; i < 2; i++) {
      Caller caller = deploy(new Caller());
      for (int write = 0; write < 10; write++) {
        assertEquals(caller.loop, caller.loopOfWrite());
      }
    }
  }

  @Test
  void aLoopWithoutADataVerticleIsServedByAnotherLoop() throws Exception {
    Server only = deploy(new Server());
    Caller first = deploy(new Caller());
    Caller second = deploy(new Caller());
    assertEquals(only.loop, first.loopOfRead());
    assertEquals(only.loop, second.loopOfRead());
  }

  @Test
  void noReadFailsWhileALaneCloses() throws Exception {
    deploy(new Server());
    Server leaving = deploy(new Server());
    Caller first = deploy(new Caller());
    Caller second = deploy(new Caller());
    Future<Void> gone = vertx.undeploy(leaving.deploymentID());
    boolean closing = true;
    while (closing) {
      closing = !gone.isComplete();
      assertTrue(first.loopOfRead().startsWith("vert.x-eventloop"));
      assertTrue(second.loopOfRead().startsWith("vert.x-eventloop"));
    }
  }

  @Test
  void noReadIsLostWhileOneOfTwoLanesOfALoopCloses() throws Exception {
    Server leaving = deploy(new Server());
    deploy(new Server());
    Server staying = deploy(new Server());
    assertEquals(leaving.loop, staying.loop);
    deploy(new Caller());
    Caller caller = deploy(new Caller());
    assertEquals(leaving.loop, caller.loop);
    Future<Integer> answered = caller.readUntil(vertx.undeploy(leaving.deploymentID()));
    assertTrue(answered.await(10, TimeUnit.SECONDS) > 0);
  }

  @Test
  void aFailureOfTheServiceReachesTheCaller() throws Exception {
    Server broken = deploy(new Server());
    broken.answer = Future.failedFuture(Problem.UNAVAILABLE.because("The store is away"));
    Caller caller = deploy(new Caller());
    assertEquals("The store is away", caller.problem().getMessage());
    broken.answer = Future.failedFuture(new IllegalStateException("a bug"));
    assertEquals(Problem.INTERNAL, caller.problem().problem());
  }

  @Test
  void aReadWithoutAnAnswerTimesOut() throws Exception {
    Server silent = deploy(new Server());
    Promise<Lookup> late = Promise.promise();
    silent.answer = late.future();
    Caller caller = deploy(new Caller());
    long began = System.nanoTime();
    assertEquals(Problem.UNAVAILABLE, caller.problem().problem());
    assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(900));
    late.fail("too late");
  }

  @Test
  void noWriteFailsOrIsMadeTwiceWhileAVerticleLeaves() throws Exception {
    Server staying = deploy(new Server());
    Server leaving = deploy(new Server());
    Caller first = deploy(new Caller());
    Caller second = deploy(new Caller());
    Future<Void> gone = vertx.undeploy(leaving.deploymentID());
    int sent = 0;
    boolean closing = true;
    while (closing) {
      closing = !gone.isComplete();
      first.loopOfWrite();
      second.loopOfWrite();
      sent += 2;
    }
    assertEquals(sent, staying.writes.get() + leaving.writes.get());
  }

  @Test
  void aWriteWithoutAnAnswerIsNotRepeatedAndItsOutcomeIsUnknown() throws Exception {
    Server silent = new Server();
    silent.silent = true;
    deploy(silent);
    Caller caller = deploy(new Caller());
    ProblemException unknown = assertThrows(ProblemException.class, caller::loopOfWrite);
    assertEquals(Problem.OUTCOME_UNKNOWN, unknown.problem());
    assertEquals(1, silent.writes.get());
  }

  @Test
  void aWriteWithoutADataVerticleIsRefusedAsUnavailable() throws Exception {
    Caller caller = deploy(new Caller());
    ProblemException refused = assertThrows(ProblemException.class, caller::loopOfWrite);
    assertEquals(Problem.UNAVAILABLE, refused.problem());
  }

  private <T extends VerticleBase> T deploy(T verticle) throws Exception {
    vertx.deployVerticle(verticle).await(10, TimeUnit.SECONDS);
    return verticle;
  }

  private static final class Caller extends VerticleBase {
    private BusMediaService media;
    private volatile String loop;

    @Override
    public Future<?> start() {
      media = new BusMediaService(vertx, new SimpleMeterRegistry());
      loop = Thread.currentThread().getName();
      return Future.succeededFuture();
    }

    ProblemException problem() {
      return assertThrows(ProblemException.class, this::loopOfRead);
    }

    /**
     * Sends ten reads per tick until the event has happened; the result is the number of answers.
     */
    Future<Integer> readUntil(Future<?> event) {
      Promise<Integer> all = Promise.promise();
      context.runOnContext(tick -> readUntil(event, new ArrayList<>(), all));
      return all.future();
    }

    private void readUntil(Future<?> event, List<Future<Lookup>> reads, Promise<Integer> all) {
      for (int i = 0; i < 10; i++) {
        reads.add(media.get(ID));
      }
      if (event.isComplete()) {
        Future.all(reads).<Integer>map(done -> reads.size()).onComplete(all);
      } else {
        context.runOnContext(tick -> readUntil(event, reads, all));
      }
    }

    /** The loop that answered a read: {@link Server} puts its name in place of the items. */
    String loopOfRead() throws Exception {
      Promise<Lookup> answer = Promise.promise();
      context.runOnContext(run -> media.get(ID).onComplete(answer));
      return loopIn(answer.future().await(10, TimeUnit.SECONDS).required());
    }

    String loopOfWrite() throws Exception {
      Promise<Written> answer = Promise.promise();
      Change change = new Change.Delete(ID, Precondition.NONE);
      context.runOnContext(run -> media.write(change).onComplete(answer));
      return loopIn(answer.future().await(10, TimeUnit.SECONDS).media().orElseThrow());
    }

    private static String loopIn(ProductMedia media) {
      return media.document().toJsonObject().getJsonArray("media").getString(0);
    }
  }

  private static final class Server extends VerticleBase implements MediaService {
    private final AtomicInteger writes = new AtomicInteger();
    private final Promise<Written> answerOnStop = Promise.promise();
    private MediaConsumers consumers;
    private volatile String loop;
    private volatile Future<Lookup> answer;
    private volatile boolean silent;

    @Override
    public Future<?> start() {
      loop = Thread.currentThread().getName();
      consumers = new MediaConsumers(vertx, this, new MediaRules(false));
      return consumers.register();
    }

    @Override
    public Future<?> stop() {
      answerOnStop.fail(Problem.UNAVAILABLE.because("Too late"));
      return consumers.unregister();
    }

    @Override
    public Future<Lookup> get(ProductId productId) {
      if (answer != null) {
        return answer;
      }
      var items = Buffer.buffer("[\"" + Thread.currentThread().getName() + "\"]");
      return Future.succeededFuture(
          Lookup.found(AnswerSource.REDIS, ProductMedia.splice(productId, 1, items)));
    }

    @Override
    public Future<List<Lookup>> batch(List<ProductId> productIds) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<List<Lookup>> page(ProductId from, int limit) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<Written> write(Change change) {
      writes.incrementAndGet();
      return silent ? answerOnStop.future() : get(ID).map(Server::written);
    }

    private static Written written(Lookup lookup) {
      return new Written(ID, 1, Written.Effect.CHANGED, lookup.media(), OptionalLong.empty());
    }

    @Override
    public Future<List<Outcome>> writeAll(List<Change> changes) {
      return Future.failedFuture("not used here");
    }
  }
}
