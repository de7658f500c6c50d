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
  void aReadIsAnsweredOnTheLoopThatAsks() throws Exception {
    deploy(new Answering());
    deploy(new Answering());
    for (int i = 0; i < 2; i++) {
      Asking asking = deploy(new Asking());
      for (int read = 0; read < 10; read++) {
        assertEquals(asking.loop, asking.askedAndAnsweredBy());
      }
    }
  }

  @Test
  void aWriteIsMadeOnTheLoopThatAsks() throws Exception {
    deploy(new Answering());
    deploy(new Answering());
    for (int i = 0; i < 2; i++) {
      Asking asking = deploy(new Asking());
      for (int write = 0; write < 10; write++) {
        assertEquals(asking.loop, asking.askedToWrite());
      }
    }
  }

  @Test
  void aLoopWithoutADataVerticleIsServedByAnother() throws Exception {
    Answering only = deploy(new Answering());
    Asking first = deploy(new Asking());
    Asking second = deploy(new Asking());
    assertEquals(only.loop, first.askedAndAnsweredBy());
    assertEquals(only.loop, second.askedAndAnsweredBy());
  }

  @Test
  void noReadFailsWhileALaneCloses() throws Exception {
    deploy(new Answering());
    Answering leaving = deploy(new Answering());
    Asking first = deploy(new Asking());
    Asking second = deploy(new Asking());
    Future<Void> gone = vertx.undeploy(leaving.deploymentID());
    boolean closing = true;
    while (closing) {
      closing = !gone.isComplete();
      assertTrue(first.askedAndAnsweredBy().startsWith("vert.x-eventloop"));
      assertTrue(second.askedAndAnsweredBy().startsWith("vert.x-eventloop"));
    }
  }

  @Test
  void noReadIsLostWhileOneOfTwoLanesOfALoopCloses() throws Exception {
    Answering leaving = deploy(new Answering());
    deploy(new Answering());
    Answering staying = deploy(new Answering());
    assertEquals(leaving.loop, staying.loop);
    deploy(new Asking());
    Asking asking = deploy(new Asking());
    assertEquals(leaving.loop, asking.loop);
    Future<Integer> answered = asking.manyWhile(vertx.undeploy(leaving.deploymentID()));
    assertTrue(answered.await(10, TimeUnit.SECONDS) > 0);
  }

  @Test
  void whatTheServiceFailsWithIsTold() throws Exception {
    Answering broken = deploy(new Answering());
    broken.answer = Future.failedFuture(Problem.UNAVAILABLE.because("The store is away"));
    Asking asking = deploy(new Asking());
    assertEquals("The store is away", asking.problem().getMessage());
    broken.answer = Future.failedFuture(new IllegalStateException("a bug"));
    assertEquals(Problem.INTERNAL, asking.problem().problem());
  }

  @Test
  void aReadThatIsNotAnsweredFailsInTime() throws Exception {
    Answering silent = deploy(new Answering());
    Promise<Lookup> late = Promise.promise();
    silent.answer = late.future();
    Asking asking = deploy(new Asking());
    long began = System.nanoTime();
    assertEquals(Problem.UNAVAILABLE, asking.problem().problem());
    assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(900));
    late.fail("too late");
  }

  @Test
  void noWriteFailsOrIsMadeTwiceWhileAVerticleLeaves() throws Exception {
    Answering staying = deploy(new Answering());
    Answering leaving = deploy(new Answering());
    Asking first = deploy(new Asking());
    Asking second = deploy(new Asking());
    Future<Void> gone = vertx.undeploy(leaving.deploymentID());
    int asked = 0;
    boolean closing = true;
    while (closing) {
      closing = !gone.isComplete();
      first.askedToWrite();
      second.askedToWrite();
      asked += 2;
    }
    assertEquals(asked, staying.writes.get() + leaving.writes.get());
  }

  @Test
  void aWriteWithoutAnAnswerIsNotMadeAgainAndItsOutcomeIsUnknown() throws Exception {
    Answering silent = new Answering();
    silent.silent = true;
    deploy(silent);
    Asking asking = deploy(new Asking());
    ProblemException unknown = assertThrows(ProblemException.class, asking::askedToWrite);
    assertEquals(Problem.OUTCOME_UNKNOWN, unknown.problem());
    assertEquals(1, silent.writes.get());
  }

  @Test
  void aWriteThatNobodyTakesWasNotMade() throws Exception {
    Asking asking = deploy(new Asking());
    ProblemException nobody = assertThrows(ProblemException.class, asking::askedToWrite);
    assertEquals(Problem.UNAVAILABLE, nobody.problem());
  }

  private <T extends VerticleBase> T deploy(T verticle) throws Exception {
    vertx.deployVerticle(verticle).await(10, TimeUnit.SECONDS);
    return verticle;
  }

  private static final class Asking extends VerticleBase {
    private BusMediaService media;
    private volatile String loop;

    @Override
    public Future<?> start() {
      media = new BusMediaService(vertx);
      loop = Thread.currentThread().getName();
      return Future.succeededFuture();
    }

    ProblemException problem() {
      return assertThrows(ProblemException.class, this::askedAndAnsweredBy);
    }

    /** Asks, some times a tick, until something has happened; how many were answered. */
    Future<Integer> manyWhile(Future<?> happening) {
      Promise<Integer> all = Promise.promise();
      context.runOnContext(tick -> askWhile(happening, new ArrayList<>(), all));
      return all.future();
    }

    private void askWhile(Future<?> happening, List<Future<Lookup>> asked, Promise<Integer> all) {
      for (int i = 0; i < 10; i++) {
        asked.add(media.get(ID));
      }
      if (happening.isComplete()) {
        Future.all(asked).<Integer>map(done -> asked.size()).onComplete(all);
      } else {
        context.runOnContext(tick -> askWhile(happening, asked, all));
      }
    }

    /** The document of the answer is the name of the loop that gave it. */
    String askedAndAnsweredBy() throws Exception {
      Promise<Lookup> answer = Promise.promise();
      context.runOnContext(asked -> media.get(ID).onComplete(answer));
      return answer.future().await(10, TimeUnit.SECONDS).required().document().toString();
    }

    String askedToWrite() throws Exception {
      Promise<Written> answer = Promise.promise();
      Change change = new Change.Delete(ID, Precondition.NONE);
      context.runOnContext(asked -> media.write(change).onComplete(answer));
      ProductMedia after = answer.future().await(10, TimeUnit.SECONDS).media().orElseThrow();
      return after.document().toString();
    }
  }

  private static final class Answering extends VerticleBase implements MediaService {
    private final AtomicInteger writes = new AtomicInteger();
    private final Promise<Written> atTheEnd = Promise.promise();
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
      atTheEnd.fail(Problem.UNAVAILABLE.because("Too late"));
      return consumers.unregister();
    }

    @Override
    public Future<Lookup> get(ProductId productId) {
      if (answer != null) {
        return answer;
      }
      var document = Buffer.buffer(Thread.currentThread().getName());
      return Future.succeededFuture(
          Lookup.found(AnswerSource.REDIS, new ProductMedia(productId, 1, document)));
    }

    @Override
    public Future<List<Lookup>> batch(List<ProductId> productIds) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Future<List<Lookup>> page(ProductId from, int limit) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Future<Written> write(Change change) {
      writes.incrementAndGet();
      return silent ? atTheEnd.future() : get(ID).map(Answering::written);
    }

    private static Written written(Lookup lookup) {
      return new Written(ID, 1, Written.Effect.CHANGED, lookup.media(), OptionalLong.empty());
    }

    @Override
    public Future<List<Outcome>> writeAll(List<Change> changes) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Future<MediaService.Tiers> tiers() {
      return Future.succeededFuture(new MediaService.Tiers(true, true));
    }
  }
}
